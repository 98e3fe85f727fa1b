"""What the pages of a milestone year, and of the years between, read."""
