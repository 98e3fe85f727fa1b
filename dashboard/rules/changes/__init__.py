"""Two days compared: what differs in each room, and what a comparison says. Pure."""
