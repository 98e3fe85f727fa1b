"""The demonstration set: in by one command, out by another."""

from demo.services.loading import load, remove

__all__ = ["load", "remove"]
