"""What portals do wrong with TLS, each on a host of its own, all in one crawl as users run it."""

from __future__ import annotations

from contextlib import ExitStack
from pathlib import Path

import pytest

from . import crawls, sites
from .certificates import DAY, Authority, self_signed
from .promises import faults

# host -> what its entry says of TLS; 127.0.0.41 and up
ENTRIES = {
    "good": "",
    "old": "",
    "expired": "",
    "other-name": "",
    "self-signed": "",
    "unknown-authority": "",
    "expired-but-allowed": "unverified",
}
# The leg that asked, whether the certificate held, the outcome, and what the archive says of it
TOLD = {
    "good": ("modern", True, "ok", ""),
    "old": ("legacy", True, "ok", ""),
    "expired": ("modern", False, "tls", "the certificate is refused: expired"),
    "other-name": ("modern", False, "tls", "the certificate is refused: the name is another one"),
    "self-signed": ("modern", False, "tls", "the certificate is refused: self-signed"),
    "unknown-authority": (
        "modern",
        False,
        "tls",
        "the certificate is refused: signed by an unknown authority",
    ),
    "expired-but-allowed": ("unverified", False, "ok", ""),
}


def test_what_a_host_shows_is_a_fact_of_its_captures(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, subtests: pytest.Subtests
) -> None:
    ours, theirs = Authority(tmp_path), Authority(tmp_path, "nobody knows")
    monkeypatch.setenv("SSL_CERT_FILE", str(ours.bundle))
    where = {name: f"127.0.0.{number}" for number, name in enumerate(ENTRIES, 41)}
    shown = {name: ours.signed(host) for name, host in where.items()}
    shown["expired"] = ours.signed(where["expired"], holds=-DAY)
    shown["expired-but-allowed"] = ours.signed(where["expired-but-allowed"], holds=-DAY)
    shown["other-name"] = ours.signed("127.0.0.99")
    shown["self-signed"] = self_signed(tmp_path, where["self-signed"])
    shown["unknown-authority"] = theirs.signed(where["unknown-authority"])
    with ExitStack() as stack:
        served = {
            name: stack.enter_context(sites.serve(host, certificate=shown[name], old=name == "old"))
            for name, host in where.items()
        }
        for site in served.values():
            sites.static_portal(site, range(2019, 2020))
        entries = [crawls.portal(s, n, tls=ENTRIES[n]) for n, s in served.items()]
        file = crawls.registry(tmp_path, *entries)
        code, out, err = crawls.run(tmp_path / "data", file)
    assert (code, err) == (5, ""), out + err
    kept = {one.portal: one for one in crawls.captures(tmp_path / "data")}  # the last of each
    for name, told in TOLD.items():
        with subtests.test(name):
            one = kept[name]
            assert (one.handler, one.verified, one.outcome, one.error) == told
            assert "sha256=" in one.tls
            assert bool(served[name].asked) == (told[2] == "ok")
            assert faults().get(name, ("ok", 0, 1))[0] == told[2]
    assert kept["good"].tls.startswith("TLSv1.3 TLS_AES_")
    assert "issuer=sample_authority until=20" in kept["good"].tls
    assert "issuer=nobody_knows" in kept["unknown-authority"].tls
