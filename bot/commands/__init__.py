"""Every command of its own file, and what all of them need."""
