"""What judging needs from the database, and the judged targets."""
