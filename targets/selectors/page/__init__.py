"""Reads of a target's own page."""
