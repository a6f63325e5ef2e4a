"""The look of each state: which shape and colour stand beside its word."""

TONES = {
    "new": "run", "in_progress": "run", "on_hold": "pause", "resolved": "met", "fulfilled": "met", "closed": "met",
    "cancelled": "off", "rejected": "miss", "draft": "off", "submitted": "warn", "approved": "ok",
    "in_implementation": "plan", "implemented": "met", "planned": "off", "in_build": "run", "in_test": "run",
    "ready": "ok", "in_deployment": "plan", "deployed": "met", "active": "ok", "fixed": "met", "retired": "off",
    "expired": "off", "in_stock": "off", "in_repair": "warn", "done": "met", "departed": "run", "on_site": "run",
    "running": "run", "extended": "run", "outside-hours": "off", "paused": "pause", "met": "met", "missed": "miss",
    "not-started": "off",
    "known_error: active": "warn", "improvement: active": "run",
}  # fmt: skip
"""The look of each state: a shape and a colour that stand beside its word."""


def tone_of(state: str, kind: str = "") -> str:
    """Return the shape and colour of a state; what a word means may hang on the kind of record."""
    return TONES.get(f"{kind}: {state}") or TONES.get(state, "off")
