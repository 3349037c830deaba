"""Every fault that portals are known for, tried on loopback: what is recorded, the exit code.

    python -m benchmarks.faults

Prints the first and the last two columns of the table in docs/operations.md; TLS is in
tests/spiders/test_tls.py.
"""

from __future__ import annotations

import tempfile
from pathlib import Path

from tests.spiders import faulty


def main() -> None:
    print("| fault | recorded | exit | reports of 3 | polite |\n|---|---|---|---|---|")
    for crawl in (faulty.reports, faulty.silence, faulty.around):
        with tempfile.TemporaryDirectory() as folder:
            for name, told in crawl(Path(folder)).items():
                polite = "yes" if told.judgement.polite else "; ".join(told.judgement.violations)
                print(f"| `{name}` | {told.recorded} | {told.exit_code} | {told.came} | {polite} |")


if __name__ == "__main__":
    main()
