"""Pages of the dashboard, a module for each."""
