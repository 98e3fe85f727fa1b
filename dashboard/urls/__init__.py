"""Addresses of the pages over all rooms, a module for each of their namespaces."""
