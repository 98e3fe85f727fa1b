"""Pages of targets: list, detail and export; proposals; rules; provenance of one number."""
