"""What pages are framed in: our own MkDocs theme, and what every other theme is given beside its own."""
