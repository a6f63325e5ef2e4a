"""The rules of a desk, gathered and run."""
