"""Settings kept by the blob they were read from, because TOML costs the hook more than the rest of its settings."""

from __future__ import annotations

from servicebook.kept_json import dumps, loads
from servicebook.settings import Settings
from servicebook.store.sums import damaged, sum_of, with_sum
from servicebook.typed import TYPE_CHECKING

if TYPE_CHECKING:
    from servicebook.store.index import Index


def settings_of(index: Index, blob: str) -> Settings | None:
    """Return the settings kept for a blob of pyproject.toml."""
    row = index.db.execute("SELECT value, sum FROM shared.setting WHERE blob = ?", (blob,)).fetchone()
    if not row:
        return None
    if sum_of(blob, row[0]) != row[1]:
        raise damaged("settings")
    values = loads(row[0])
    if values.keys() != set(Settings._fields):  # kept by another version, which may serve another work tree
        return None
    for name, default in Settings._field_defaults.items():
        if isinstance(default, tuple):  # JSON knows lists only
            values[name] = tuple(values[name])
    values["escalation"] = {kind: tuple(roles) for kind, roles in values["escalation"].items()}
    if values["as_of"]:
        from datetime import datetime

        values["as_of"] = datetime.fromisoformat(values["as_of"])
    return Settings(**values)


def keep_settings(index: Index, blob: str, settings: Settings) -> None:
    """Keep the settings that a blob of pyproject.toml holds."""
    values = settings._asdict()
    values["as_of"] = settings.as_of.isoformat() if settings.as_of else None
    with index.write():
        row = with_sum(blob, dumps(values))
        index.db.execute("INSERT OR REPLACE INTO shared.setting VALUES (?, ?, ?)", row)
