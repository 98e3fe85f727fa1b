"""Judgements as sentences, values as printed, and where a number comes from. Pure."""
