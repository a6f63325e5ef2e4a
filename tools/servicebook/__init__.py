"""A service desk that lives in Git: records are Markdown files, checked, timed and published by this package."""

# A constant, because importlib.metadata costs more than the whole `version` command may.
__version__ = "0.1.0"
