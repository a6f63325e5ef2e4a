"""What the desk's figures are: lists, boards and counts."""
