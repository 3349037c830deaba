"""Sample portals on loopback: the demo's world and the tests' world."""
