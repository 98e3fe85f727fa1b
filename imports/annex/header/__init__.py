"""The header of a table: where it is, which column is which."""
