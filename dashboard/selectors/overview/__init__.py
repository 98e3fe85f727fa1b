"""What the overview, the one page and the wall read."""
