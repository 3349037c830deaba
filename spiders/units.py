"""Ready units that run a round on a schedule: systemd, cron, GitHub Actions."""

from __future__ import annotations

import shlex
import sys
from pathlib import Path

Files = dict[str, str]

# 5 is a partial crawl and 6 is every host blocked: what came is read and published all the same.
ROUND = """\
{gongkai} crawl --due --data {data}{portals}; code=$?
case $code in 0|5|6) true ;; *) exit $code ;; esac
{gongkai} reparse --stale --data {data} && {gongkai} build --data {data} || exit $?
exit $code"""

SERVICE = """\
[Unit]
Description=gongkai: crawl what is due, read it, publish
After=network-online.target
Wants=network-online.target

[Service]
Type=oneshot
WorkingDirectory={folder}
{contact}ExecStart={crawl}
ExecStart={reparse}
ExecStart={build}
# 5 is a partial crawl, 6 every host blocked: both go on to the reading. Alert on any other.
SuccessExitStatus=5 6
TimeoutStartSec=20h
KillSignal=SIGINT
Nice=10
IOSchedulingClass=idle
NoNewPrivileges=yes
"""

TIMER = """\
[Unit]
Description=gongkai every night

[Timer]
OnCalendar=*-*-* 22:10:00 Asia/Shanghai
RandomizedDelaySec=20min
Persistent=true

[Install]
WantedBy=timers.target
"""

CRON = """\
# crontab -e; 14:10 UTC is 22:10 in China: say it in the time of this machine.
# flock keeps a long round from meeting the next one; cron mails the end of the log of a round that
# failed. A partial crawl (5) is no failure: it goes on by itself.
{contact}10 14 * * * cd {folder} && mkdir -p {data} && \
{{ {command} >>{data}/round.log 2>&1 || [ $? = 5 ] || tail -n 30 {data}/round.log; }}
"""

GITHUB = """\
# .github/workflows/gongkai.yml; the archive lives in the cache between runs, so keep another copy.
name: gongkai
on:
  schedule:
    - cron: "10 14 * * *"
  workflow_dispatch:
permissions:
  contents: read
concurrency:
  group: gongkai
  cancel-in-progress: false
jobs:
  round:
    runs-on: ubuntu-latest
    timeout-minutes: 350
    env:
      GONGKAI_CONTACT: ${{{{ vars.GONGKAI_CONTACT }}}}
    steps:
      - uses: actions/checkout@v4
      - uses: actions/setup-python@v5
        with:
          python-version: "3.12"
      - run: python -m pip install -c constraints.txt .
      - uses: actions/cache/restore@v4
        with:
          path: {data}
          key: gongkai-${{{{ github.run_id }}}}
          restore-keys: gongkai-
      - name: Crawl what is due, read it, publish
        run: |
          set +e
          (
{script}
          )
          code=$?
          [ -f {data}/crawls/last.md ] && cat {data}/crawls/last.md >>"$GITHUB_STEP_SUMMARY"
          [ $code = 5 ] && echo "::warning::a partial crawl, it goes on the next time" && code=0
          exit $code
      - uses: actions/cache/save@v4
        if: always()
        with:
          path: {data}
          key: gongkai-${{{{ github.run_id }}}}
      - uses: actions/upload-artifact@v4
        if: always()
        with:
          name: gongkai
          path: |
            {data}/gongkai.db
            {data}/crawls/last.md
"""


def systemd(data: Path, portals: Path | None, contact: str) -> Files:
    """Service and timer; the steps are ExecStart lines, so that each has its own exit code."""
    base = [_program(), "--data", str(data.resolve())]
    named = ["--portals", str(portals.resolve())] if portals else []
    service = SERVICE.format(
        folder=_escaped(Path.cwd()),
        contact=f'Environment="GONGKAI_CONTACT={_escaped(contact)}"\n' if contact else "",
        crawl=_command(base[0], "crawl", "--due", *base[1:], *named),
        reparse=_command(base[0], "reparse", "--stale", *base[1:]),
        build=_command(base[0], "build", *base[1:]),
    )
    return {"gongkai.service": service, "gongkai.timer": TIMER}


def cron(data: Path, portals: Path | None, contact: str) -> Files:
    """One line; a percent sign would end a command in a crontab."""
    where = shlex.quote(str(data.resolve()))
    script = shlex.quote("; ".join(_round(_program(), where, portals).split("\n")))
    command = f"flock -n {where}/round.lock sh -c {script}".replace("%", "\\%")
    line = CRON.format(
        contact=f"GONGKAI_CONTACT={contact}\n" if contact else "",
        folder=shlex.quote(str(Path.cwd())).replace("%", "\\%"),
        data=where.replace("%", "\\%"),
        command=command,
    )
    return {"crontab": line}


def github(data: Path, portals: Path | None, contact: str) -> Files:
    """A workflow; the contact is a variable of the repository."""
    del contact
    relative = data if not data.is_absolute() else Path("data")
    lines = _round("gongkai", str(relative), portals).split("\n")
    script = "\n".join(f"          {line}" for line in lines)
    return {"gongkai.yml": GITHUB.format(data=relative, script=script)}


UNITS = {"systemd": systemd, "cron": cron, "github": github}
PLACES = {
    "gongkai.service": "~/.config/systemd/user/gongkai.service, or /etc/systemd/system",
    "gongkai.timer": "~/.config/systemd/user/gongkai.timer; systemctl --user enable --now it",
    "crontab": "crontab -e",
    "gongkai.yml": ".github/workflows/gongkai.yml",
}


def _round(gongkai: str, data: str, portals: Path | None) -> str:
    named = f" --portals {shlex.quote(str(portals))}" if portals else ""
    return ROUND.format(gongkai=shlex.quote(gongkai), data=data, portals=named)


def _program() -> str:
    """The command that runs now, wherever it is installed."""
    beside = Path(sys.executable).with_name("gongkai")
    return str(beside) if beside.exists() else "gongkai"


def _command(*words: str) -> str:
    """Words as systemd splits them: quoted, % and $ doubled."""
    return " ".join(f'"{_escaped(word)}"' if " " in word else _escaped(word) for word in words)


def _escaped(text: object) -> str:
    return str(text).replace("\\", "\\\\").replace("%", "%%").replace("$", "$$").replace('"', '\\"')
