"""How fast the parts are: `python -m tests.bench` prints a table."""
