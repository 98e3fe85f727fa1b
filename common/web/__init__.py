"""Requests and answers: what comes in, what is refused, addresses inside the site."""
