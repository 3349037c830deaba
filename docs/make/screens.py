"""Pictures of the site for the documentation, from the data of the demo.

gongkai demo --no-serve --data demo-data && gongkai serve --data demo-data --port 8124 &
python docs/make/screens.py http://127.0.0.1:8124
"""

from __future__ import annotations

import io
import re
import shutil
import sys
from pathlib import Path

from PIL import Image
from playwright.sync_api import APIRequestContext, sync_playwright

FOLDER = Path(__file__).parents[1] / "site"
NAMED = re.compile(r"\{([^}]+)\}")
DESK, PHONE = (1280, 900), (390, 844)
SCREENS = {
    "home": ("/?lang=zh", DESK, "light"),
    "home-dark": ("/?lang=en", DESK, "dark"),
    "home-phone": ("/?lang=zh", PHONE, "light"),
    "report": ("/report/{吉安市 2020}?lang=zh&cell=B.outcomes_total.total.0#proof", DESK, "light"),
    "report-dark": (
        "/report/{吉安市 2017}?lang=en&cell=S.press_conferences..0#proof",
        DESK,
        "dark",
    ),
    "report-phone": (
        "/report/{吉安市 2020}?lang=zh&cell=B.outcomes_total.total.0#proof",
        PHONE,
        "light",
    ),
    "agency": ("/agency/{吉安市}?lang=zh", DESK, "light"),
    "region": ("/region/360000?lang=zh", DESK, "light"),
    "indicator": ("/indicator/requests_new?lang=en", DESK, "light"),
    "compare": ("/compare?lang=zh&a=吉安市&y=2023&z=2024", DESK, "light"),
    "copies": ("/compare?lang=en&report={海坛县 2022}&copy={copy}", DESK, "light"),
    "changes": ("/changes?lang=zh", DESK, "light"),
    "coverage": ("/coverage?lang=en", DESK, "light"),
    "quality": ("/quality?lang=zh", DESK, "light"),
    "search": ("/search?lang=zh&q=复议", DESK, "light"),
    "question": ("/questions?lang=zh&q=outcomes", DESK, "light"),
    "api": ("/api?lang=en", DESK, "light"),
}


def main(base: str) -> None:
    """Every screen, in 64 colours."""
    FOLDER.mkdir(exist_ok=True)
    with sync_playwright() as playwright:
        chromium = shutil.which("chromium") or shutil.which("google-chrome")
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        numbers = _numbers(browser.new_page().request, f"{base}/gongkai")
        for name, (path, (width, height), scheme) in SCREENS.items():
            page = browser.new_page(
                viewport={"width": width, "height": height},
                color_scheme=scheme,  # type: ignore[arg-type]  # a table of words
            )
            page.goto(base + NAMED.sub(lambda named: numbers[named[1]], path))
            page.wait_for_load_state("networkidle")
            image = Image.open(io.BytesIO(page.screenshot()))
            image.convert("RGB").quantize(64).save(FOLDER / f"{name}.png", optimize=True)
            page.close()
        browser.close()


def _numbers(request: APIRequestContext, tables: str) -> dict[str, str]:
    """What the archive calls a body, a body's report, and the rival of 海坛县 2022: its numbers
    follow the order in which pages came."""
    reports = request.get(f"{tables}/reports.json?_shape=array&_size=max").json()
    agencies = request.get(f"{tables}/agencies.json?_shape=array&_size=max").json()
    found = {f"{row['agency']} {row['year']}": str(row["id"]) for row in reports}
    found |= {row["name"]: str(row["id"]) for row in agencies}
    rival = f"{tables}/copies.json?_shape=array&chosen=0&report_id={found['海坛县 2022']}"
    return found | {"copy": request.get(rival).json()[0]["sha256"]}


if __name__ == "__main__":
    main(sys.argv[1])
