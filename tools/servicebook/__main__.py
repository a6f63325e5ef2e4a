"""`python -m servicebook`: the command line where no script is on the path."""

import sys

from servicebook.cli.main import main

sys.exit(main())
