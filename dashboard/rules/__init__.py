"""What the dashboard works out by itself. Pure."""
