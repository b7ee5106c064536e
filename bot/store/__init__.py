"""Everything that is kept: the only SQL of the program."""
