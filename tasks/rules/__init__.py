"""How the progress of tasks reads, and the words for what has not come. Pure."""
