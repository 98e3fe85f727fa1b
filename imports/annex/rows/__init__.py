"""The rows of a table: what each is, and how those of tasks and projects are read."""
