"""What every family needs to know about its articles."""

from __future__ import annotations

from collections.abc import Callable

from spiders.simulator.column import Column
from spiders.simulator.model import Expectation, Plan, Row, Truth
from spiders.simulator.printing import name_of
from spiders.simulator.reports import Article

PathOf = Callable[[Plan], str]
FilesOf = Callable[[Plan], tuple[str, ...]]


def no_files(plan: Plan) -> tuple[str, ...]:
    return ()


def truths(column: Column, path_of: PathOf, files_of: FilesOf = no_files) -> tuple[Truth, ...]:
    """The reports that a polite crawler can reach, as a perfect reader reads them."""
    return tuple(
        _truth(column.host.id, article, path_of(article.plan), files_of(article.plan))
        for article in column.articles
        if article.body and article.plan.id in column.listed
        if _expect(column, article.plan, path_of) == "report"
    )


def rows(column: Column, path_of: PathOf) -> tuple[Row, ...]:
    """The column as it is shown, with what should become of every row."""
    return tuple(
        Row(
            portal=column.host.id,
            path=path_of(article.plan),
            title=article.plan.title,
            published=article.plan.published,
            kind=article.plan.kind,
            expect=_expect(column, article.plan, path_of),
        )
        for article in listed(column)
    )


def listed(column: Column) -> list[Article]:
    """The articles that the column shows, newest first."""
    return [article for article in column.articles if article.plan.id in column.listed]


def _expect(column: Column, plan: Plan, path_of: PathOf) -> Expectation:
    if any(path_of(plan).startswith(prefix) for prefix in column.host.disallow):
        return "robots"
    return "report" if plan.body else "noise"


def _truth(portal: str, article: Article, path: str, files: tuple[str, ...]) -> Truth:
    plan, body = article.plan, article.body
    if body is None:
        raise ValueError(f"{plan.title} is no report")
    printed = {name_of((fact.indicator, fact.column)) for fact in article.facts}
    return Truth(
        portal=portal,
        path=path,
        title=plan.title,
        agency=body.name,
        region_code=body.region,
        year=plan.year,
        scope=body.scope,
        form=plan.form,
        edition=plan.edition,
        published=plan.published,
        facts=article.facts,
        units={name: unit for name, unit in plan.units.items() if name in printed},
        breaks=plan.breaks,
        disagreements=article.disagreements,
        files=files,
    )
