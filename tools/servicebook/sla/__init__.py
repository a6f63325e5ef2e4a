"""Clocks: pure arithmetic over instants, support hours and what agreements promise."""
