"""Read a cState status page: its systems become services, its issues incidents.

cState: https://github.com/cstate/cstate, content/issues/*.md with title, date, resolved, resolvedWhen,
severity (down, disrupted, notice), affected; config.yml lists the systems. Hugo reads a time without
offset as UTC.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from datetime import UTC, datetime, tzinfo
from pathlib import Path
from typing import Any

from servicebook.errors import UsageError
from servicebook.exchange.draft import Draft, Intake, slug_for
from servicebook.records.ids import seeded_event_id
from servicebook.records.kinds import BY_NAME
from servicebook.text.front_matter import parse_front_matter
from servicebook.text.source_file import SourceFile

SEVERITIES = {"down": ("severe", "high"), "disrupted": ("degraded", "medium"), "notice": ("consultation", "low")}
"""cState's severity to fault grade and impact."""


def read_cstate(folder: Path, *, customer: str = "", zone: tzinfo = UTC) -> Intake:
    """Return what a cState site says: a customer, its services, an incident per issue.

    folder: the site's root, with config.yml and content/issues. Raises UsageError when these are not there.
    """
    issues = sorted((folder / "content" / "issues").glob("*.md"))
    config = next((folder / name for name in ("config.yml", "config.yaml") if (folder / name).is_file()), None)
    if config is None or not issues:
        raise UsageError(
            "{folder} is no cState site: config.yml and content/issues/*.md were due",
            "name its root folder",
            folder=folder,
        )
    intake = Intake()
    site = _yaml(config, intake)
    title = str(site.get("title") or folder.name)
    owner = customer or slug_for(title)
    system = f"cstate:{owner}"
    if not customer:
        # The page may speak for many customers; its own title is the only name it gives.
        fields = {"title": title, "status": "active", "legal_name": title}
        intake.drafts.append(Draft(BY_NAME["customer"], system, "config.yml", fields, slug=owner))
    person = {"title": title, "name": title}
    intake.drafts.append(Draft(BY_NAME["person"], system, "author", person, slug="cstate"))
    read = [(path, _front(path, intake)) for path in issues]
    named = _services(intake, system, owner, site, [front for _, front in read])
    for path, front in read:
        if front:
            _incident(intake, system, owner, path.stem, front, named, zone)
    return intake


def _services(
    intake: Intake, system: str, owner: str, site: Mapping[str, Any], fronts: list[dict[str, Any]]
) -> dict[str, str]:
    """Draft a service for every system that config.yml lists or an issue names; return name to slug."""
    named: dict[str, str] = {}
    unlisted: Counter[str] = Counter()
    for entry in (site.get("params") or {}).get("systems") or []:
        name = str(entry.get("name"))
        named[name] = slug_for(name)
        text = " ".join(str(entry.get("description") or name).split())
        _service(intake, system, owner, name, text)
    for front in fronts:
        for name in front.get("affected") or []:
            if name not in named:
                named[name] = slug_for(name)
                if named[name] not in {slug for other, slug in named.items() if other != name}:
                    _service(intake, system, owner, name, "Named by issues; config.yml does not list it.")
            if not _listed(site, name):
                unlisted[name] += 1
    if unlisted:
        names = ", ".join(f"{name} ({count})" for name, count in unlisted.most_common())
        intake.notes.append(f"systems that config.yml does not list, taken in as services all the same: {names}")
    return named


def _listed(site: Mapping[str, Any], name: str) -> bool:
    return any(entry.get("name") == name for entry in (site.get("params") or {}).get("systems") or [])


def _service(intake: Intake, system: str, owner: str, name: str, description: str) -> None:
    fields = {"title": name, "status": "active", "customers": [owner], "description": description}
    intake.drafts.append(Draft(BY_NAME["service"], system, f"system:{name}", fields, slug=slug_for(name)))


def _incident(
    intake: Intake, system: str, owner: str, stem: str, front: dict[str, Any], named: dict[str, str], zone: tzinfo
) -> None:
    reported_at = _instant(front.get("date"), zone)
    if reported_at is None:
        intake.faults.append((stem, f"`date` is `{front.get('date')}`, a date and time was due"))
        return
    severity = str(front.get("severity"))
    if severity not in SEVERITIES:
        intake.unknown["severity", severity] += 1
    grade, impact = SEVERITIES.get(severity, (None, None))
    affected = [named[name] for name in front.get("affected") or []]
    fields = {
        "title": str(front.get("title") or stem).strip(),
        "tags": [f"severity:{severity}", *(f"affected:{slug}" for slug in affected[1:])],
        "customer": owner,
        "contact_type": "monitoring",
        "reported_at": reported_at.isoformat(),
        "service": affected[0] if affected else None,
        "fault_grade": grade,
        "impact": impact,
        "timeline": _timeline(intake, system, stem, front, reported_at, zone),
    }
    body = "## Symptom\n\n" + str(front["$body"]).strip() + "\n"
    intake.drafts.append(Draft(BY_NAME["incident"], system, stem, fields, body, reported_at))


def _timeline(
    intake: Intake, system: str, stem: str, front: dict[str, Any], reported_at: datetime, zone: tzinfo
) -> list[dict[str, Any]]:
    moments = [("opened", reported_at)]
    resolved_at = _instant(front.get("resolvedWhen"), zone)
    if front.get("resolved") is True and resolved_at:
        # cState knows no state after resolved: an issue that is resolved is over.
        moments += [("resolved", resolved_at), ("closed", resolved_at)]
    elif front.get("resolved") is True:
        intake.faults.append((stem, f"resolved, but `resolvedWhen` is `{front.get('resolvedWhen')}`; taken in as open"))
    return [
        {"at": at.isoformat(), "id": seeded_event_id(f"{system}\0{stem}\0{event}"), "event": event, "by": "cstate"}
        for event, at in moments
    ]


def _instant(value: Any, zone: tzinfo) -> datetime | None:
    if not isinstance(value, str):
        return None
    try:
        # People write T8:00 where ISO 8601 asks for T08:00; Hugo shows it all the same.
        instant = datetime.fromisoformat(re.sub(r"(?<=[T ])(\d:)", r"0\1", value.strip()))
    except ValueError:
        return None
    return instant if instant.tzinfo else instant.replace(tzinfo=zone)


def _yaml(path: Path, intake: Intake) -> dict[str, Any]:
    """Return a YAML file's mapping, read as strictly as front matter."""
    data = b"---\n" + path.read_bytes().replace(b"\r\n", b"\n") + b"\n---\n"
    front, found = parse_front_matter(SourceFile(path.name, data))
    intake.faults += [(path.name, f"{item.code} {dict(item.params)}") for item in found if front is None]
    return front.data if front else {}


def _front(path: Path, intake: Intake) -> dict[str, Any]:
    source = SourceFile(path.name, path.read_bytes().replace(b"\r\n", b"\n"))
    front, found = parse_front_matter(source)
    if front is None:
        reason = ", ".join(sorted({item.code for item in found})) or "no front matter"
        intake.faults.append((path.stem, f"front matter cannot be read ({reason})"))
        return {}
    return {**front.data, "$body": front.body}
