"""Numbers that hold together: every step draws one year from a seed and the year before.

Sums are built from their parts, so the forms' identities hold by construction; columns that run
over years (cumulative, carried in, in force, items) start from last year's numbers.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from decimal import Decimal
from random import Random

from .model import Key, Numbers

APPLICANTS = (
    "natural_person",
    "business",
    "research",
    "charity",
    "legal_service",
    "other_organisation",
)
SHARES = (90, 10, 1, 1, 1, 2)
OUTCOMES = {  # row -> weight; the rows that both forms print
    "granted": 55,
    "granted_in_part": 6,
    "denied_state_secret": 1,
    "denied_forbidden_by_law": 1,
    "denied_three_securities_one_stability": 0,
    "denied_third_party_rights": 2,
    "denied_internal_affairs": 2,
    "denied_deliberative": 2,
    "denied_enforcement_file": 3,
    "denied_inquiry_matter": 4,
    "unable_not_held": 18,
    "unable_must_be_created": 2,
    "unable_still_unclear": 2,
    "not_processed_petition": 4,
    "not_processed_duplicate": 3,
    "not_processed_publication": 0,
    "not_processed_excessive": 1,
    "not_processed_reissue": 1,
}
OTHER_2021 = {"other_not_corrected": 3, "other_fee_unpaid": 0, "other_misc": 2}
OTHER_2019 = {"other_outcome": 4}
ITEM_KINDS = ("licences", "other_services", "penalties", "coercion", "fees")

Draft = dict[Key, Decimal]
Step = Callable[[Random, int, Numbers], Draft]


def shares(rng: Random, total: int, weights: Sequence[int]) -> list[int]:
    """Cut a total into parts; weight 0 stays 0."""
    cuts = [0] * len(weights)
    for index in rng.choices(range(len(weights)), weights=weights, k=total):
        cuts[index] += 1
    return cuts


def near(rng: Random, middle: int, low: int = 0) -> int:
    """A number around `middle`, never below `low`."""
    return max(low, round(middle * rng.uniform(0.7, 1.3)))


def money(rng: Random, middle: int, places: int) -> Decimal:
    """An amount with exactly that many decimals."""
    return Decimal(near(rng, middle * 10**places)).scaleb(-places)


def _put(draft: Draft, column: str, values: dict[str, int]) -> None:
    draft.update({(name, column): Decimal(value) for name, value in values.items()})


def _parts(rng: Random, total: int, weights: dict[str, int]) -> dict[str, int]:
    return dict(zip(weights, shares(rng, total, list(weights.values())), strict=True))


def form_2008(rng: Random, scale: int, before: Numbers) -> Draft:
    """Annual and cumulative; fax and e-mail die out, fax and letter end up in one row."""
    received = near(rng, scale // 3)
    channels = {"requests_in_person": 3, "requests_online": 5, "requests_letter": 2}
    values = {"requests_received": received, **_parts(rng, received, channels)}
    kinds = {"replies_granted": 8, "replies_partial": 2, "replies_denied": 1}
    values |= {"replies_total": received, **_parts(rng, received, kinds)}
    website = near(rng, scale * 40, 1)
    values |= {"disclosed_total": website, "disclosed_website": website}
    values |= {"disclosed_gazette": near(rng, scale // 4)}
    zeros = ("requests_fax", "requests_email", "requests_other_form", "replies_other")
    values |= dict.fromkeys(zeros, 0) | {"fee_waivers": near(rng, scale) * 5}
    values |= {"reconsiderations_total": rng.randint(0, 2), "lawsuits_total": rng.randint(0, 1)}
    values |= {"appeals_total": rng.randint(0, 1)}
    values["requests_letter_or_fax"] = values["requests_letter"]
    draft: Draft = {}
    _put(draft, "annual", values)
    for name, value in values.items():
        draft[name, "cumulative"] = before.get((name, "cumulative"), Decimal(0)) + value
    return draft


def _disclosure(rng: Random, scale: int) -> dict[str, int]:
    website, weibo, wechat = near(rng, scale * 60), near(rng, scale * 9), near(rng, scale * 12)
    documents = near(rng, scale // 2)
    return {
        "disclosed_total": website + weibo + wechat,
        "disclosed_normative_docs": documents,
        "normative_docs_issued": documents + rng.randint(0, 3),
        "disclosed_gazette": 0,
        "disclosed_website": website,
        "disclosed_weibo": weibo,
        "disclosed_wechat": wechat,
        "disclosed_other": 0,
    }


def _responses(rng: Random, scale: int) -> dict[str, int]:
    conferences, interviews = near(rng, scale // 4, 2), near(rng, scale // 5, 2)
    return {
        "hot_topics_answered": near(rng, scale),
        "press_conferences": conferences,
        "press_conferences_by_leaders": rng.randint(0, conferences),
        "online_interviews": interviews,
        "online_interviews_by_leaders": rng.randint(0, interviews),
        "policy_explainers": near(rng, scale * 3),
        "weibo_wechat_answers": near(rng, scale),
        "other_answers": near(rng, scale // 8),
    }


def _replies(rng: Random, received: int) -> dict[str, int]:
    kinds = {
        "replies_already_public": 50,
        "replies_granted": 20,
        "replies_partial": 4,
        "replies_denied": 4,
        "replies_not_this_agency": 12,
        "replies_not_exist": 6,
        "replies_amend": 3,
        "replies_other_channel": 3,
    }
    values = {"replies_total": received, **_parts(rng, received, kinds)}
    reasons = {
        "denied_state_secret": 0,
        "denied_trade_secret": 1,
        "denied_privacy": 2,
        "denied_security": 0,
        "denied_not_gov_info": 3,
        "denied_other_law": 1,
    }
    return values | _parts(rng, values["replies_denied"], reasons)


def _disputes(rng: Random, name: str, most: int) -> dict[str, int]:
    total = rng.randint(0, most)
    weights = {f"{name}_upheld": 6, f"{name}_corrected": 2, f"{name}_other": 1}
    return {f"{name}_total": total, **_parts(rng, total, weights)}


def form_2014(rng: Random, scale: int, before: Numbers) -> Draft:
    """Every request of the year is answered within it, so the three request sums agree."""
    received = near(rng, scale)
    channels = {"requests_in_person": 3, "requests_fax": 0, "requests_online": 3}
    values = _disclosure(rng, scale) | _responses(rng, scale)
    values |= {"requests_received": received, "requests_completed": received}
    values |= _parts(rng, received, {**channels, "requests_letter": 5})
    values |= _parts(rng, received, {"completed_on_time": 30, "completed_extended": 1})
    values |= _replies(rng, received)
    values |= _disputes(rng, "reconsiderations", scale // 12)
    values |= _disputes(rng, "lawsuits", scale // 8)
    full, part = near(rng, scale // 6), near(rng, scale * 4)
    values |= {"complaints": 0, "dedicated_offices": near(rng, scale, 1)}
    values |= {"access_points": near(rng, scale, 1), "staff_total": full + part}
    values |= {"staff_full_time": full, "staff_part_time": part}
    values |= {"meetings": near(rng, scale // 3), "trainings": near(rng, scale // 4, 1)}
    values |= {"trainees": near(rng, scale * 15)}
    draft: Draft = {("fees_charged", ""): Decimal(0), ("budget", ""): money(rng, scale, 1)}
    _put(draft, "", values)
    return draft


def _applications(rng: Random, scale: int, before: Numbers, other: dict[str, int]) -> Draft:
    """Table B, one applicant column after the other; the total column is their sum."""
    draft: Draft = {}
    for column, share in zip(APPLICANTS, SHARES, strict=True):
        new = near(rng, scale * share // 100)
        carried_in = int(before.get(("requests_carried_out", column), rng.randint(0, share // 20)))
        carried_out = rng.randint(0, (new + carried_in) // 20)
        done = new + carried_in - carried_out
        rows = {"requests_new": new, "requests_carried_in": carried_in, "outcomes_total": done}
        rows |= {"requests_carried_out": carried_out, **_parts(rng, done, {**OUTCOMES, **other})}
        _put(draft, column, rows)
    for name in dict.fromkeys(name for name, _ in draft):
        draft[name, "total"] = sum((draft[name, column] for column in APPLICANTS), Decimal(0))
    return draft


def _remedies(rng: Random, scale: int) -> Draft:
    """Table C."""
    draft: Draft = {}
    groups = {"reconsideration": 15, "suit_direct": 20, "suit_after_reconsideration": 30}
    for name, rarity in groups.items():
        total = near(rng, scale // rarity)
        weights = {"upheld": 6, "corrected": 1, "other": 2, "pending": 2}
        parts = _parts(rng, total, {f"{name}_{part}": weight for part, weight in weights.items()})
        _put(draft, "", {**parts, f"{name}_total": total})
    return draft


def _documents_2019(rng: Random, scale: int, before: Numbers) -> Draft:
    draft: Draft = {}
    for name, middle in (("rules", scale // 100), ("normative_docs", scale // 3)):
        made = near(rng, middle)
        newly = rng.randint(0, made)
        public = int(before.get((f"{name}_public_total", ""), near(rng, middle * 8))) + newly
        _put(draft, "", {f"{name}_made": made, f"{name}_newly_public": newly})
        _put(draft, "", {f"{name}_public_total": public})
    return draft


def _items(rng: Random, scale: int, before: Numbers) -> Draft:
    """Catalogue items: last year's number is the year before plus its change."""
    draft: Draft = {}
    for name in ITEM_KINDS:
        key = (f"{name}_items_last_year", "")
        known = before.get(key)
        drawn = Decimal(near(rng, scale * 2, 20))
        draft[key] = drawn if known is None else known + before[f"{name}_items_change", ""]
        draft[f"{name}_items_change", ""] = Decimal(rng.randint(-12, 9))
        if name != "fees":
            draft[f"{name}_decisions", ""] = Decimal(near(rng, scale * 30))
    return draft


def form_2019(rng: Random, scale: int, before: Numbers) -> Draft:
    draft = _documents_2019(rng, scale, before) | _items(rng, scale, before)
    draft["procurement_projects", ""] = Decimal(near(rng, scale))
    draft["procurement_amount", ""] = money(rng, scale * 90000, 2)
    return draft | _applications(rng, scale, before, OTHER_2019) | _remedies(rng, scale)


def form_2021(rng: Random, scale: int, before: Numbers) -> Draft:
    draft: Draft = {}
    for name, middle in (("rules", scale // 50), ("normative_docs", scale // 3)):
        held = int(before.get((f"{name}_in_force", ""), near(rng, middle * 7, 1)))
        made, repealed = near(rng, middle), rng.randint(0, held // 6)
        _put(draft, "", {f"{name}_made": made, f"{name}_repealed": repealed})
        _put(draft, "", {f"{name}_in_force": held + made - repealed})
    for name in ("licences", "penalties", "coercion"):
        _put(draft, "", {f"{name}_decisions": near(rng, scale * 30)})
    draft["fees_amount", ""] = money(rng, scale * 20, 6)
    return draft | _applications(rng, scale, before, OTHER_2021) | _remedies(rng, scale)


STEPS: dict[str, Step] = {
    "2008": form_2008,
    "2014": form_2014,
    "2019": form_2019,
    "2021": form_2021,
}


def history(seed: int, body: str, scale: int, forms: dict[int, str]) -> dict[int, Numbers]:
    """The numbers of one body, year after year."""
    before: Numbers = {}
    years: dict[int, Numbers] = {}
    for year in sorted(forms):
        rng = Random(f"{seed}/{body}/{year}")  # a string seed is stable over runs and machines
        before = STEPS[forms[year]](rng, scale, before)
        years[year] = before
    return years
