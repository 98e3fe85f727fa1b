"""The lines of a target: required line, trend, pace. Pure."""
