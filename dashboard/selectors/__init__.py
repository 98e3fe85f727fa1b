"""What the pages over all rooms read."""
