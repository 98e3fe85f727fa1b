"""Registers: tables of records that are exported to Excel, edited there and read back."""
