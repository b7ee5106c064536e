"""What can happen: one verb a file, each inside the one transaction of its update."""
