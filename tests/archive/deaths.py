"""What workers do to themselves, in a module that loads nothing: spawned processes import it."""

import os


def exit_on_one(number: int) -> int:
    """A bug that kills the process on one job."""
    if number == 1:
        os._exit(1)
    return number
