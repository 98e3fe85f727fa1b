"""Pages of a milestone year, before and after it, and of the years between."""
