"""The theme `servicebook`, found by MkDocs through the entry point `mkdocs.themes`."""
