"""A reading is the same in every process: nothing of it hangs on the order of a set."""

from __future__ import annotations

import os
import subprocess
import sys

READ = """
import hashlib
import parsers
from spiders.simulator import World

world = World()
told = hashlib.sha256()
for place, truth in enumerate(world.truth()):
    body = world.sites[truth.portal].pages[truth.path].body
    tiny = b"<b style='font-size:1pt'>7</b><b style='widows:%d'></b></td>" % place
    spoiled = body.replace(b"</td>", tiny)
    told.update(repr((parsers.read(body), parsers.read(spoiled))).encode())
print(told.hexdigest())
"""


def test_a_reading_does_not_hang_on_the_seed_of_hashes() -> None:
    children = [
        subprocess.Popen(
            [sys.executable, "-c", READ],
            env={**os.environ, "PYTHONHASHSEED": seed},
            stdout=subprocess.PIPE,
            text=True,
        )
        for seed in ("1", "2", "3")
    ]
    told = {child.communicate()[0] for child in children}
    assert [child.returncode for child in children] == [0, 0, 0]
    assert len(told) == 1
