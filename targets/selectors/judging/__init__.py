"""All that judging needs of the database, and the targets judged by it."""
