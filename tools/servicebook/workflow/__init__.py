"""How tickets move: lifecycles as data, and what a timeline makes of a ticket."""
