"""Records from and to other systems."""
