"""The promises of the service plan, clause by clause: `pytest -k clause` passes a test or more for each."""
