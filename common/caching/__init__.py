"""What a process keeps as it is: a cache without copies, rows with what is made of them."""
