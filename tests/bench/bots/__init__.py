"""The bots that are measured; each is a program of its own."""
