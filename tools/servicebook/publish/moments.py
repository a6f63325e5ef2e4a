"""When each record last changed, and by which name the world outside knows it for good."""

from __future__ import annotations

import uuid
from datetime import datetime

from servicebook.publish.addresses import page_of
from servicebook.publish.view import View
from servicebook.records.facts import Facts

_NAMES = uuid.uuid5(uuid.NAMESPACE_URL, "https://servicebook.invalid/")
"""The root of all names: a UUID of names (RFC 9562, version 5), the same on every machine."""


class Moments:
    """What subscribers must be told of each record: its lasting name, its last change, its address.

    site_url: where the site will be served, or "" where nobody said; then addresses are relative to the site's root.
    """

    def __init__(self, view: View, site_url: str = "") -> None:
        self._view = view
        self.site_url = site_url if not site_url or site_url.endswith("/") else site_url + "/"
    def changed_at(self, facts: Facts) -> datetime:
        """Return when a record last changed: its last commit; what is not committed yet changed just now.

        Where the history was cut off, the last event on its timeline tells, and its year where it has none.
        """
        zone, moved = self._view.zone, self._view.desk.moved
        if facts.path in moved:
            return (moved[facts.path] or self._view.now).astimezone(zone)
        if told := [at for at in facts.instants if at]:
            return max(told).astimezone(zone)
        return datetime(self._view.now.year, 1, 1, tzinfo=zone)

    def name(self, *parts: str) -> str:
        """Return the UUID of a thing of this desk; it moves with the desk's name, and with nothing else."""
        return str(uuid.uuid5(_NAMES, "\n".join((self._view.settings.name, *parts))))

    def address(self, facts: Facts, root: str = "") -> str:
        """Return the address of a record's page: absolute where the site's own is known, else below `root`."""
        return (self.site_url or root) + page_of(facts)
