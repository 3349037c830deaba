"""Codes are a contract: known, well formed, one line."""

import re

import pytest

from parsers.model import WHOLE, At
from parsers.problems import PROBLEMS, problem


@pytest.mark.parametrize("kind", PROBLEMS.values(), ids=PROBLEMS.keys())
def test_every_kind_is_well_formed(kind):
    assert re.fullmatch(r"[a-z]+(-[a-z]+)*", kind.code)
    assert kind.severity in ("info", "warning", "error")
    assert "\n" not in kind.template


def test_design_codes_exist():
    named = "not-a-report no-table image-only undecodable encrypted too-large label-similar"
    assert set(named.split()) <= PROBLEMS.keys()


def test_problem_fills_the_template_on_one_line():
    found = problem("not-a-report", reason="a\nb")
    assert (found.severity, found.at) == ("error", WHOLE)
    assert found.detail.endswith("a b")


def test_problem_takes_address_and_severity():
    found = problem("encrypted", At(table=1), severity="info")
    assert (found.severity, found.at) == ("info", At(table=1))


@pytest.mark.parametrize(("code", "fields"), [("no-such-code", {}), ("not-a-report", {})])
def test_unknown_code_or_missing_field_is_an_error(code, fields):
    with pytest.raises(KeyError):
        problem(code, **fields)
