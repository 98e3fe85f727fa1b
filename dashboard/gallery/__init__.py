"""A page of every component with sample data, for those who build pages (DEBUG only)."""
