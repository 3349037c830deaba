"""CMS families: each turns a report column into a site."""

from __future__ import annotations

from collections.abc import Callable

from spiders.simulator.column import Column
from spiders.simulator.site import Site

from . import answers, country, drawn, finecms, folders, hanweb, searches, trs

BUILDERS: dict[str, Callable[[Column], Site]] = {"finecms": finecms.build, "trs": trs.build}
# Portals that share one column and differ in their system.
DIALECTS: dict[str, country.Sheet] = {
    "hanweb_a": hanweb.by_page,
    "hanweb_b": hanweb.by_window,
    "hanweb_c": hanweb.by_script,
    "hanweb_xxgk": hanweb.catalogue,
    "jpaas": hanweb.unit,
    "ucap_static": folders.page_div,
    "ucap_query": answers.query_list,
    "gkmlpt": answers.gkmlpt,
    "vsb": folders.count_down,
    "lonsun": answers.label,
    "openness": folders.page_n,
    "truecms": answers.messages,
    "epoint": answers.epoint,
    "jeecms": folders.jhtml,
    "aspnet": answers.post_back,
    "encoded": folders.encoded,
    "years": folders.years,
    "generic": folders.following,
    "hanweb_annual": searches.annual,
    "hanweb_subject": searches.subjects,
    "trs_was5": searches.was5,
    "trs_govsearch": searches.govsearch,
    "trs_igs": searches.igs,
    "ucap_low": folders.low_numbers,
    "vsb_old": folders.count_down_old,
    "lonsun_below": answers.label_below,
    "epoint_token": answers.epoint_token,
}
# Those that only a browser can read.
DRAWN: dict[str, country.Sheet] = {"drawn": drawn.app}


def dialect_site(name: str, seed: int, edition: int) -> Site:
    """One portal of the country by the name of its dialect."""
    return country.site(name, seed, edition, (DIALECTS | DRAWN)[name])
