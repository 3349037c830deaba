"""Makes the document fixtures of tests/documents: three reports in every carrier.

    python docs/make/documents.py

Needs LibreOffice (soffice), Chromium, fontTools and Noto Serif CJK; the tests need none of them.
The numbers are those of three real reports, the pages are forged by `tests.parsers.forge`. The
font is cut down to the characters in use, so that the PDF files stay small; radicals that share a
glyph with a character stay in it, as they are what Chromium's text layer stumbles over.
"""

from __future__ import annotations

import csv
import gzip
import io
import os
import shutil
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT))

from parsers.model import FormId  # noqa: E402
from tests.parsers import forge  # noqa: E402

FONT = Path("/usr/share/fonts/opentype/noto/NotoSerifCJK-Regular.ttc")
FAMILY = "Fixture Serif"
HOME = ROOT / "tests" / "documents"
REPORTS: dict[str, tuple[FormId, str]] = {
    "jian-2017": ("2014", "吉安市2017年政府信息公开工作年度报告"),
    "shanghai-2019": ("2019", "上海市2019年政府信息公开工作年度报告"),
    "pingtan-2024": ("2021", "平潭综合实验区2024年政府信息公开工作年度报告"),
}
PRINTED = {"slash": "/", "dash": "——", "blank": "", "none": "无"}
WRITER, CALC = "HTML (StarWriter)", "HTML (StarCalc)"
OFFICE = (
    ("docx", WRITER, "docx:MS Word 2007 XML"),
    ("doc", WRITER, "doc:MS Word 97"),
    ("rtf", WRITER, "rtf:Rich Text Format"),
    ("odt", WRITER, "odt:writer8"),
    ("office.pdf", WRITER, "pdf:writer_pdf_Export"),
    ("xlsx", CALC, "xlsx:Calc MS Excel 2007 XML"),
    ("xls", CALC, "xls:MS Excel 97"),
    ("ods", CALC, "ods:calc8"),
    ("csv", CALC, "csv:Text - txt - csv (StarCalc):44,34,76"),
)
STYLE = (
    f"<style>@page{{size:A4;margin:2cm}}*{{font:11pt '{FAMILY}';font-weight:400}}"
    "table{border-collapse:collapse;width:100%}td{border:1px solid #000;padding:2px 4px}"
    "</style>"
)


def values(name: str) -> dict[tuple[str, str], str]:
    """Printed texts of a report by indicator and column."""
    with (HOME / "truth" / f"{name}.csv").open(encoding="utf-8") as file:
        return {
            (row["indicator"], row["column"]): PRINTED.get(row["state"], row["value"])
            for row in csv.DictReader(file)
        }


def page(name: str) -> str:
    """The report as a page with ruled tables."""
    form, title = REPORTS[name]
    printed = values(name)
    if form == "2014":
        parts = [forge.table(forge.cells(forge.s_plain(form, printed)))]
    else:
        parts = [
            "<p>二、主动公开政府信息情况</p>",
            forge.table(forge.a_rows(form, printed)),
            "<p>三、收到和处理政府信息公开申请情况</p>",
            forge.table([*forge.b_heads(), *forge.b_rows(form, printed)]),
            "<p>四、因政府信息公开工作被申请行政复议、提起行政诉讼情况</p>",
            forge.table(forge.c_rows(form, printed)),
        ]
    text = forge.page("<p>本报告所列数据的统计期限为一年。</p>", *parts, title=title)
    ready = text.replace("<head>", f"<head><meta charset=utf-8>{STYLE}")
    return ready.replace("<table>", '<table border="1" cellspacing="0">')


def cut_font(folder: Path) -> None:
    """A font of the characters on our pages, found by fontconfig through XDG_DATA_HOME."""
    from fontTools import subset, ttLib

    font = ttLib.TTFont(FONT, fontNumber=2)
    options = subset.Options(hinting=False, desubroutinize=True, layout_features=[])
    options.name_IDs, options.notdef_outline = [1, 2, 3, 4, 6], True
    cutter = subset.Subsetter(options)
    text = "".join(page(name) for name in REPORTS)
    cutter.populate(text=text, unicodes=[*range(0x20, 0x7F), *range(0x2E80, 0x2FD6)])
    cutter.subset(font)
    for record in font["name"].names:
        record.string = {2: "Regular"}.get(record.nameID, FAMILY)
    (folder / "fonts").mkdir()
    font.save(folder / "fonts" / "fixture.otf")
    os.environ["XDG_DATA_HOME"] = str(folder)


def run(*command: str) -> None:
    """A foreign program, quiet unless it fails."""
    subprocess.run(command, check=True, capture_output=True, timeout=120)


def stripped(body: bytes) -> bytes:
    """An open document without its thumbnail, settings and metadata."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(body)) as whole, zipfile.ZipFile(out, "w") as kept:
        for each in ("mimetype", "content.xml", "styles.xml", "META-INF/manifest.xml"):
            info = zipfile.ZipInfo(each)
            info.compress_type = zipfile.ZIP_STORED if each == "mimetype" else zipfile.ZIP_DEFLATED
            kept.writestr(info, whole.read(each))
    return out.getvalue()


def keep(made: Path, target: Path) -> None:
    """RTF is long-winded: kept compressed; open documents are kept bare."""
    if made.suffix == ".rtf":
        target.with_suffix(".rtf.gz").write_bytes(gzip.compress(made.read_bytes(), mtime=0))
        made.unlink()
    elif made.suffix in (".odt", ".ods"):
        target.write_bytes(stripped(made.read_bytes()))
        made.unlink()
    else:
        shutil.move(made, target)


def make(name: str, work: Path) -> None:
    """All carriers of one report."""
    source = work / f"{name}.html"
    source.write_text(page(name), encoding="utf-8")
    for ending, reader, writer in OFFICE:
        target = work / "out"
        run(
            "soffice", "--headless", f"--infilter={reader}", "--convert-to", writer,
            "--outdir", str(target), str(source),
        )  # fmt: skip
        made = next(target.iterdir())
        keep(made, HOME / "made" / f"{name}.{ending}")
    run(
        "chromium", "--headless", "--no-sandbox", "--disable-gpu", "--no-pdf-header-footer",
        f"--print-to-pdf={HOME / 'made' / f'{name}.chromium.pdf'}", source.as_uri(),
    )  # fmt: skip


if __name__ == "__main__":
    (HOME / "made").mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        cut_font(Path(folder))
        for each in REPORTS:
            make(each, Path(folder))
