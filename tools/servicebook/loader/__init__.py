"""What a file says as a record: text to model and fact row, and every finding on the way."""

from servicebook.loader.findings import RULES
from servicebook.loader.load import Loaded, load_record

__all__ = ["RULES", "Loaded", "load_record"]
