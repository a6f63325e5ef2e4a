"""`servicebook fulfil`: a service request is done; `resolve` under its own name."""

from __future__ import annotations

from servicebook.cli import resolve


def run(argv: list[str]) -> int:
    """Say that a service request is fulfilled, and with what result."""
    return resolve.run(argv, "fulfil")
