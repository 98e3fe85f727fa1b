"""Writes the quarter of an agency as an .xlsx workbook."""
