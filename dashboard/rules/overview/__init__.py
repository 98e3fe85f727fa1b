"""What the overview says: claim, score, worst, changed, decided, words of rows. Pure."""
