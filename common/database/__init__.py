"""What Django's ORM leaves open: constraints in words, facts of other rows as JSON."""
