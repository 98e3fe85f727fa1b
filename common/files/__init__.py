"""Uploaded documents: what they are, whether they are harmless, where they are kept."""
