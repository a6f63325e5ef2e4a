"""libyaml as PyYAML brings it, in about half the time that an import of PyYAML takes.

PyYAML's readers in Python are imported beside it, and compile patterns that nothing here asks: that is put off.
"""

from __future__ import annotations

import re

from servicebook.patterns import late_pattern
from servicebook.typed import Any


def _import_without_patterns() -> None:
    """Import PyYAML; where it is imported already, this does nothing."""
    compile_now: Any = re.compile
    re.compile = late_pattern  # type: ignore[assignment]
    try:
        import yaml  # noqa: F401
    finally:
        re.compile = compile_now


_import_without_patterns()

from yaml import YAMLError  # noqa: E402
from yaml._yaml import CParser, get_version_string  # noqa: E402
from yaml.error import MarkedYAMLError  # noqa: E402
from yaml.events import (  # noqa: E402
    AliasEvent,
    DocumentEndEvent,
    DocumentStartEvent,
    Event,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
    StreamEndEvent,
)

__all__ = [
    "AliasEvent",
    "CParser",
    "DocumentEndEvent",
    "DocumentStartEvent",
    "Event",
    "MappingEndEvent",
    "MappingStartEvent",
    "MarkedYAMLError",
    "ScalarEvent",
    "SequenceEndEvent",
    "SequenceStartEvent",
    "StreamEndEvent",
    "YAMLError",
    "get_version_string",
]
