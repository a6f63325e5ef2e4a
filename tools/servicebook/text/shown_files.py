"""Which attachments a site outside the house can show, by their names: what can be looked into, and nothing else."""

from __future__ import annotations

PICTURES = (".png", ".jpg", ".jpeg", ".gif", ".webp")
TEXTS = (".txt", ".log", ".csv", ".md")


def is_showable(name: str) -> bool:
    """Whether a file of this name is of a kind that outer audiences can be given."""
    return name.lower().endswith(PICTURES + TEXTS)


def is_text(name: str) -> bool:
    """Whether a file of this name is shown as plain text."""
    return name.lower().endswith(TEXTS)
