"""What stands on paper: the one page for the leaders, and whether an issued paper holds."""
