"""Pages of milestone years, before and after their end, and of the years between."""
