"""Which version this is (`servicebook version --help` ends here; the plain call is answered in main)."""

from __future__ import annotations


def run(argv: list[str]) -> int:
    """Print the version."""
    from servicebook import __version__
    from servicebook.cli.arguments import make_parser

    make_parser("version").parse_args(argv)
    print(f"servicebook {__version__}")
    return 0
