"""Pages of targets: list, detail and export; proposals; rules; where one number comes from."""
