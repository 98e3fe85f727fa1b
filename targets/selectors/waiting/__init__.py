"""Proposals that wait for a second person."""
