"""Sample portals on loopback: the demo's world and the tests' world."""

from .faults import Fault
from .judge import Judgement, Request
from .model import Disagreement, Edit, Printed, Row, Truth
from .world import World

__all__ = [
    "Disagreement",
    "Edit",
    "Fault",
    "Judgement",
    "Printed",
    "Request",
    "Row",
    "Truth",
    "World",
]
