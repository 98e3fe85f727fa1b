"""What the page of changes between two days reads."""
