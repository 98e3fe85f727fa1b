"""The cells of a table as printed: grid, text, marks."""
