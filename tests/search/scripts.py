"""Runs the site's own search script under Node, where there is one."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

import servicebook.publish

SCRIPT = Path(servicebook.publish.__file__).parent / "theme/common/assets/servicebook/search-index.js"
HARNESS = Path(__file__).parent / "harness.js"

needs_node = pytest.mark.skipif(not shutil.which("node"), reason="node is not here: the script is run in Chromium only")


def ask(**asked: Any) -> Any:
    """Return what harness.js answers."""
    words = ["node", str(HARNESS)]
    text = json.dumps({"script": str(SCRIPT), **asked})
    done = subprocess.run(words, input=text, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)
