"""What the key contact gets to see: composed from answers, then drawn; pure."""
