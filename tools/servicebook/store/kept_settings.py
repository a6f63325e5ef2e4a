"""Settings kept by the blob they were read from, because TOML costs the hook more than the rest of its settings."""

from __future__ import annotations

import json
import sqlite3

from servicebook.settings import Settings


def settings_of(db: sqlite3.Connection, blob: str) -> Settings | None:
    """Return the settings kept for a blob of pyproject.toml."""
    row = db.execute("SELECT value FROM shared.setting WHERE blob = ?", (blob,)).fetchone()
    if not row:
        return None
    values = json.loads(row[0])
    if values.keys() != set(Settings._fields):  # kept by another version, which may serve another work tree
        return None
    for name in ("languages", "routing", "plan_approvers"):
        values[name] = tuple(values[name])
    values["escalation"] = {kind: tuple(roles) for kind, roles in values["escalation"].items()}
    if values["as_of"]:
        from datetime import datetime

        values["as_of"] = datetime.fromisoformat(values["as_of"])
    return Settings(**values)


def keep_settings(db: sqlite3.Connection, blob: str, settings: Settings) -> None:
    """Keep the settings that a blob of pyproject.toml holds."""
    values = settings._asdict()
    values["as_of"] = settings.as_of.isoformat() if settings.as_of else None
    db.execute("INSERT OR REPLACE INTO shared.setting VALUES (?, ?)", (blob, json.dumps(values)))
