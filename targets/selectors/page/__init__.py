"""What a target's own page reads."""
