"""Rows of a list page of any CMS: every anchor that looks like an article, judged by its title."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import islice
from urllib.parse import urlsplit

from selectolax.lexbor import LexborHTMLParser, LexborNode

from .hrefs import clicked, joined, wraps
from .model import Candidate
from .suffixes import DOCUMENTS
from .titles import judge, squeeze
from .witnesses import iso_date

_DATE = re.compile(
    r"[\[(【]?\d{4}[-/.年]\d{1,2}[-/.月]\d{1,2}日?(?:\d{1,2}:\d{2}(?::\d{2})?(?:\.\d)?)?[\])】]?"
    r"|[\[(【]?\d{1,2}[-/.月]\d{1,2}日?[\])】]?"
)
_BUTTON = re.compile(
    r"(?:下载.{0,6}|查看.{0,4}|更多.{0,3}|详情|详细.{0,3}|打印|关闭|收藏|分享"
    r"|[上下]一[页篇条].*|[首尾末]页|.*ICP备.*|.*公网安备.*|[>+<\d.…]*)"
)
# The last part of the address of one document, and of a column or a page of a list.
_ARTICLE = re.compile(
    r"t\d{6,8}_\d+|art_|content|post_\d+|show|detail|[0-9a-f]{32}|[0-9a-f]{8}-[0-9a-f]{4}|\d{5,}"
    rf"|\.(?:{DOCUMENTS})$",
    re.IGNORECASE,
)
_COLUMN = re.compile(r"(?:index|list|default|nav_list)(?:_?\d*)?\.\w+|", re.IGNORECASE)
_NO_PAGE = re.compile(r"javascript:|mailto:|tel:|data:|about:|file:|#|$|.*(?:\{\{|\$\{|<%)", re.I)
_LOOP = re.compile(r"(?:ms-(?:repeat|for|attr|text)|ng-repeat|v-for|v-bind|:href|data-bind)")
_FURNITURE = re.compile(
    r"(?:^|[-_ ])(?:nav|navi|navigation|menu|breadcrumbs?|crumbs?|pos|position|path|location|foot"
    r"|footer|header|page|pages|pager|pagination|submenu|links)(?:$|[-_ ])"
    r"|crumb|menu_|_menu|pagebar",
    re.IGNORECASE,
)
_WHERE = re.compile(r"(?:当前|现在的?|所在的?)(?:位置|栏目)")
_QUOTED = re.compile(r"'((?:[^'\\]|\\.?)*+)'?", re.DOTALL)  # an open end is taken, not retried
_FEW = 5  # places looked at for a breadcrumb
_CLIMB = 6  # levels from an anchor up to what holds its row
_FLAT = 3  # levels within which a date behind the anchor is the anchor's own
_SEVERAL = "\n"  # no address has a line break
_SHORT = 5  # a shorter title without a date is a menu word
_LINKS = "a[href], [onclick], option[value]"


@dataclass(frozen=True, slots=True)
class _Page:
    """What the anchors of a page share; `owners`: node -> address of the titled anchors in it."""

    root: str
    column: str
    owners: dict[int, str] = field(default_factory=dict)  # _SEVERAL when they lead apart
    dates: dict[int, str | None] = field(default_factory=dict)  # None: no date in that node


def rows(text: str, base_url: str, column: str = "") -> tuple[Candidate, ...]:
    """All rows of the page in order, also those of kind "other"; one row an address.

    Menus, breadcrumbs, pagers, scripts and templates are no rows. A row's own title counts;
    `column` (by default what the page calls itself) decides only about weak titles.
    """
    tree, *hidden = map(LexborHTMLParser, _unpack(text))
    base = tree.css_first("base[href]")
    root = joined(base_url, _href(base)) if base else base_url
    column = column or _column_of(tree)
    found: dict[str, Candidate] = {}
    for part in (tree, *hidden):
        anchors = [node for node in part.css(_LINKS) if _leads(node)]
        page = _Page(root, column)
        _own(anchors, page)
        for row in filter(None, (_row(anchor, page) for anchor in anchors)):
            if row.url not in found or _better(row, found[row.url]):
                found[row.url] = row
    return tuple(found.values())


def column_name(text: str) -> str:
    """What the page calls its column: ColumnName, ColumnType, else the end of the breadcrumb."""
    return _column_of(LexborHTMLParser(text))


def _column_of(tree: LexborHTMLParser) -> str:
    for name in ("columnname", "columntype"):
        for node in tree.css("meta[name][content]"):
            told = (node.attributes.get("content") or "").strip()
            if told and (node.attributes.get("name") or "").lower() == name:
                return told
    return _crumb(tree)


def _crumb(tree: LexborHTMLParser) -> str:
    """The last step of 您现在的位置：首页 > 信息公开 > 信息公开年报."""
    body = tree.body
    texts = body.traverse(include_text=True) if body else ()
    marks = (node for node in texts if node.tag == "-text" and _WHERE.search(_head(node)))
    for mark in islice(marks, _FEW):
        node = mark.parent
        for _ in range(3):
            steps = _steps(node) if node else []
            if len(steps) > 1:
                return steps[-1]
            node = node.parent if node else None
    return ""


def _head(node: LexborNode) -> str:
    return squeeze((node.text_content or "")[:80])


def _steps(node: LexborNode) -> list[str]:
    """The steps of a breadcrumb; none for a text that is too long for one."""
    text = node.text(separator="\n")
    steps = [squeeze(step) for step in re.split(r"[\n>»＞/|]+", text)] if len(text) < 600 else []
    return [step for step in steps if step and not _WHERE.search(step) and step != "正文"]


def _unpack(text: str) -> list[str]:
    """The page without what a script carries, then that: XML records or a JavaScript array."""
    plain, *records = text.split("<record>")
    found = [record.partition("]]>") for record in records]
    plain += "".join(rest for _, _, rest in found)
    markup = "\n".join(record.partition("<![CDATA[")[2] for record, _, _ in found)
    parts = [f"<table>{markup}</table>" if "<tr" in markup else markup]
    before, name, store = plain.partition("dataStore")
    if store.lstrip().startswith("="):
        store, _, rest = store.partition("];")
        plain = before + name + rest
        items = _QUOTED.findall(store)
        parts.append("\n".join(re.sub(r"\\(.)", r"\1", item) for item in items))
    return [plain, *filter(None, parts)]


def _own(anchors: list[LexborNode], page: _Page) -> None:
    """Note for every node near an anchor whose documents it holds."""
    for anchor in anchors:
        title = squeeze(anchor.text(separator=""))
        if len(title) <= _SHORT or _BUTTON.fullmatch(title):
            continue
        address = _address(anchor)
        for node in _above(anchor):
            if page.owners.setdefault(node.mem_id, address) != address:
                page.owners[node.mem_id] = _SEVERAL


def _row(anchor: LexborNode, page: _Page) -> Candidate | None:
    """The row of an anchor, None when it is none."""
    href, title = _address(anchor), _title(anchor)
    if _NO_PAGE.match(href) or not title or _BUTTON.fullmatch(squeeze(title)):
        return None
    url = joined(page.root, href)
    if not url or _is_template(anchor):
        return None
    judged = judge(title, column=page.column)
    day = _date_near(anchor, page)
    named = judged.kind in ("report", "revised", "cover") and judged.year is not None
    if not named and (anchor.tag == "option" or not _is_article(url, title, day, anchor)):
        return None
    return Candidate(
        url=url, title=title, year=judged.year, agency=judged.agency, kind=judged.kind,
        published=day or "",
    )  # fmt: skip


def _is_article(url: str, title: str, day: str | None, anchor: LexborNode) -> bool:
    """Whether address, date and place are those of one document in a list."""
    path = urlsplit(url).path
    tail = path.rpartition("/")[2]
    if not url.startswith("http") or _COLUMN.fullmatch(tail):
        return False
    if day is not None:
        return True
    if len(squeeze(title)) < _SHORT or _in_furniture(anchor):
        return False
    return bool(_ARTICLE.search(tail)) or "/info/" in path


def _leads(node: LexborNode) -> bool:
    """Whether it is a link: an anchor, or what a click or a choice opens and holds no other."""
    if node.tag == "a" and "href" in node.attributes:
        return True
    return bool(_address(node)) and not wraps(node, "a[href], [onclick]")


def _address(node: LexborNode) -> str:
    """Where it leads; a link that only calls a script, where the call says so."""
    href = _href(node)
    if href and not _NO_PAGE.match(href):
        return href
    return clicked(f"{node.attributes.get('onclick') or ''};{href}") or href


def _href(node: LexborNode) -> str:
    """Without line breaks and blanks, which some systems put inside."""
    written = node.attributes.get("value" if node.tag == "option" else "href")
    return re.sub(r"[\s\u200b\ufeff]+", "", written or "")


def _title(anchor: LexborNode) -> str:
    """The whole title: the attribute where the text is cut or empty; the date taken out."""
    shown = _shown(anchor)
    named = anchor.attributes.get("title") or anchor.attributes.get("mc") or ""
    told = re.sub(r"^\s*(?:标题|名称)[:：]", "", named).strip()
    told = " ".join(told.partition("\n")[0].split())
    stem = squeeze(shown).rstrip(".·")
    if told and (not stem or stem in squeeze(told) or judge(told).kind not in ("other", "weak")):
        return told
    return shown


def _shown(anchor: LexborNode) -> str:
    """The displayed text of an anchor; its own date and its sub-title are not the title."""
    heads = anchor.css(".til, .title, .tit, h1, h2, h3, h4, h5")
    text = heads[0].text(separator="") if len(heads) == 1 else anchor.text(separator="")
    for part in anchor.css("span, i, b, em, time, font, p, div"):
        inner = part.text(separator="")
        if inner.strip() and _DATE.fullmatch(squeeze(inner)):
            text = text.replace(inner, " ", 1)
    return " ".join(text.split()).strip("·•> ")


def _date_near(anchor: LexborNode, page: _Page) -> str | None:
    """The date in the row of the anchor; "" for 10-19, which has no year; None for no date.

    Climbs while no other titled anchor is in sight: beyond that stand other rows' dates.
    """
    if _DATE.fullmatch(squeeze(own := anchor.attributes.get("rq") or "")):
        return iso_date(own)
    mine, child = _address(anchor), anchor
    for level, node in enumerate(_above(anchor)):
        if page.owners.get(node.mem_id, mine) != mine:
            return _date_behind(child) if level < _FLAT else None
        if node.mem_id not in page.dates:
            page.dates[node.mem_id] = _date_in(node)
        if (day := page.dates[node.mem_id]) is not None:
            return day
        child = node
    return None


def _date_behind(child: LexborNode) -> str | None:
    """In a list whose rows are no nodes: the date behind the anchor, up to the next such node."""
    node = child.next
    while node is not None and node.tag not in (child.tag, "a", "br", "li"):
        if not node.css("a[href]") and (day := _date_in(node)) is not None:
            return day
        node = node.next
    return None


def _date_in(node: LexborNode) -> str | None:
    """The first text in `node` that is a date and nothing else."""
    for part in node.css("span, i, b, em, td, dd, time, font, p, div, li"):
        text = part.text(separator="")
        if len(text) <= 200 and (squeezed := squeeze(text)) and _DATE.fullmatch(squeezed):
            return iso_date(text)
    for text in node.text(separator="\n").split("\n"):
        if (squeezed := squeeze(text)) and _DATE.fullmatch(squeezed):
            return iso_date(text)
    return None


def _above(anchor: LexborNode) -> Iterator[LexborNode]:
    """The anchor and the nodes around it, as far as a row may reach."""
    node: LexborNode | None = anchor
    for _ in range(_CLIMB):
        if node is None or node.tag in ("body", "html", "-document"):
            return
        yield node
        node = node.parent


def _is_template(anchor: LexborNode) -> bool:
    """A node that a script multiplies looks like a row and is none."""
    if "{{" in anchor.text(separator=""):
        return True
    return any(_LOOP.match(name) for node in _above(anchor) for name in node.attributes)


def _in_furniture(anchor: LexborNode) -> bool:
    """Menus, breadcrumbs, pagers and footers, by the names that pages give them."""
    for node in _above(anchor):
        names = f"{node.attributes.get('class') or ''} {node.attributes.get('id') or ''}"
        if node.tag in ("nav", "footer", "header") or _FURNITURE.search(names):
            return True
    return False


def _better(row: Candidate, rival: Candidate) -> bool:
    """Of two anchors to one address the one that says more: the picture beside it says little."""
    return (row.kind != "other", len(row.title)) > (rival.kind != "other", len(rival.title))
