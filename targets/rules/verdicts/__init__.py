"""Milestones as they are judged, settled and carried over. Pure."""
