"""Every problem code there is: how loud it is and what its detail says.

info: worth knowing, no number is in doubt. warning: a value or a field is in doubt, look before
you rely on it. error: nothing, or not the right thing, could be read.
"""

from __future__ import annotations

from dataclasses import dataclass

from .model import WHOLE, At, Problem, Severity


@dataclass(frozen=True, slots=True)
class ProblemKind:
    """`template` is filled with the fields that the finder gives, one line in the end."""

    code: str
    severity: Severity
    template: str


_KINDS = (
    # the document
    ProblemKind("not-a-report", "error", "no annual disclosure report: {reason}"),
    ProblemKind("no-table", "warning", "a report without a statistics table: {reason}"),
    ProblemKind("image-only", "error", "the tables are images: {reason}"),
    ProblemKind("picture-unread", "warning", "a picture of the report is not read: {reason}"),
    ProblemKind("attachment-only", "warning", "the report is an attachment: {href}"),
    ProblemKind("split-report", "warning", "it goes on elsewhere, in a copy of its own: {where}"),
    ProblemKind("undecodable", "error", "cannot be opened: {reason}"),
    ProblemKind("encoding-doubtful", "warning", "read as {encoding}, but {reason}"),
    ProblemKind("encrypted", "error", "the document asks for a password"),
    ProblemKind("too-large", "error", "over a limit: {reason}"),
    ProblemKind("truncated", "warning", "the document ends in the middle: {reason}"),
    ProblemKind("character-lost", "warning", "a character of {raw!r} could not be decoded"),
    ProblemKind("not-displayed", "warning", "a table that the page does not display"),
    ProblemKind("table-of-boxes", "info", "a table laid out without table elements"),
    ProblemKind("table-of-text", "warning", "a table printed as lines of text"),
    # carriers
    ProblemKind("kind-unread", "error", "documents of this kind are not read: {kind}"),
    ProblemKind("archive-unread", "error", "no single report in the zip archive: {reason}"),
    ProblemKind("reader-missing", "error", "the reader for {kind} is not installed: {what}"),
    ProblemKind("reader-crashed", "error", "the reader for {kind} died: {reason}"),
    ProblemKind("reader-timeout", "error", "the reader for {kind} took over {seconds} s"),
    ProblemKind("tracked-changes", "info", "tracked changes, read as if accepted: {what}"),
    ProblemKind("hidden-content", "info", "left out as it is not displayed: {what}"),
    ProblemKind("embedded-unread", "warning", "an embedded part is not read: {what}"),
    ProblemKind("formula-uncached", "warning", "a formula without a stored result: {formula}"),
    ProblemKind("format-doubtful", "warning", "{raw!r} is stored, displayed by {format!r}"),
    ProblemKind("table-unruled", "info", "a table without rules, cut by the gaps between words"),
    ProblemKind("row-stitched", "info", "a row cut by a page end was joined: {text!r}"),
    ProblemKind("digits-differ", "warning", "{raw!r}, but a second extraction reads {other!r}"),
    ProblemKind("print-doubtful", "warning", "{raw!r} is not all that is displayed: {reason}"),
    ProblemKind("ocr-unverified", "warning", "read from an image"),
    ProblemKind("ocr-consistent", "warning", "read from an image; the sums of its table hold"),
    # rows and cells
    ProblemKind("label-similar", "info", "read {label!r} as {expected!r}"),
    ProblemKind("label-doubtful", "warning", "perhaps no {expected!r}: printed {label!r}"),
    ProblemKind("label-ambiguous", "warning", "{label!r} may be {candidates}"),
    ProblemKind("missing-row", "info", "the form has a row {indicator}, the table prints none"),
    ProblemKind("unknown-row", "warning", "no form has a row {label!r}"),
    ProblemKind("duplicate-row", "warning", "{indicator} is printed more than once: {values}"),
    ProblemKind("unknown-column", "warning", "no form has a column {label!r}"),
    ProblemKind("unreadable-number", "warning", "{raw!r} is no number"),
    ProblemKind("number-doubtful", "warning", "{raw!r} was read as {value}: {reason}"),
    ProblemKind("note-mark", "info", "a note mark or a struck run was taken off {raw!r}"),
    ProblemKind("short-row", "warning", "{label!r}: {cells} values under {heads} heads"),
    ProblemKind("value-columns", "warning", "which value column speaks is not certain: {heads}"),
    ProblemKind("wide-value", "warning", "{raw!r} stands across several rows or columns"),
    ProblemKind("rival-tables", "warning", "two tables print section {section}: {contexts}"),
    ProblemKind("heading-numbers", "warning", "{count} headings print numbers: a row off?"),
    ProblemKind("rows-off", "warning", "the sums hold with every value a row higher or lower"),
    ProblemKind("all-blank", "warning", "a table without figures: does a script fill it?"),
    ProblemKind("doubled", "warning", "every number of the table is printed twice over: {raw!r}"),
    ProblemKind("headless-table", "warning", "section {section} without heads: {reason}"),
    ProblemKind("unit-missing", "warning", "{indicator}: no unit is printed"),
    ProblemKind("unit-differs", "info", "printed unit {unit!r}, the form says {expected!r}"),
    ProblemKind("form-ambiguous", "warning", "the labels fit more than one form: {candidates}"),
    ProblemKind("broken-identity", "info", "{check}: {lhs} is not {rhs}"),
    ProblemKind("reading-doubtful", "warning", "{broken} identities broken, {held} held"),
    ProblemKind("narrative-differs", "info", "the text says {value}, the table {printed}"),
    # identity
    ProblemKind("year-missing", "info", "no year is printed anywhere"),
    ProblemKind("year-inferred", "warning", "year {year} is not printed: {reason}"),
    ProblemKind("year-differs", "warning", "{chosen}, but {others}"),
    ProblemKind("agency-missing", "info", "no agency is named"),
    ProblemKind("agency-differs", "warning", "{chosen}, but {others}"),
    ProblemKind("region-unknown", "info", "no region is named by {text!r}"),
    ProblemKind("suspected-clone", "warning", "perhaps no page of a government: {reason}"),
    ProblemKind("portal-thin", "warning", "{listed} rows listed, {promised} promised"),
    ProblemKind("portal-silent", "warning", "no report of {year} by {date}"),
    ProblemKind("two-reports-one-year", "warning", "{agency} {year} stands under {urls}"),
)

PROBLEMS: dict[str, ProblemKind] = {kind.code: kind for kind in _KINDS}


def problem(
    code: str, at: At = WHOLE, *, severity: Severity | None = None, **fields: object
) -> Problem:
    """The problem of that code; KeyError for a code or a template field that does not exist."""
    kind = PROBLEMS[code]
    detail = " ".join(kind.template.format(**fields).split())
    return Problem(code=code, severity=severity or kind.severity, detail=detail, at=at)
