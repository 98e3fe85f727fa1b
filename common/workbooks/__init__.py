"""Workbooks: read as cells without trust, written as lists that print well."""
