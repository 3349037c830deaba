"""READ: pure functions from the bytes of a page to a Report. No network, database or clock."""

# from .read import fingerprint, read, tables

# __all__ = ["fingerprint", "read", "tables"]
