"""How milestones are judged, settled and carried over. Pure."""
