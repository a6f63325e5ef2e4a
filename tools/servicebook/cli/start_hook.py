"""Where a Git hook begins: `PYTHON -I -S start_hook.py NAME`, without site packages, which a hook rarely needs."""

import os
import sys

sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__)))))

from servicebook.cli.main import main

code = main(["hook", *sys.argv[1:]])
sys.stdout.flush()
sys.stderr.flush()
os._exit(code)  # taking the interpreter down costs as much as a query
