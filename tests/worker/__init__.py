"""The worker, with everything around it made up."""
