"""Lets the tests of this folder share `sla_desk` (the suite runs in importlib mode, without sys.path)."""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
