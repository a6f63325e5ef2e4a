"""Has the machine what the program needs: packages, time zones, room on the disk, the right time?"""

from __future__ import annotations

import importlib.metadata
import re
import shutil
import sys
import zoneinfo
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from servicebook.errors import SettingsError
from servicebook.records.instants import CLOCKS_DIFFER
from servicebook.reports.doctor.answer import Answer, advise, demand, fine, from_error
from servicebook.reports.doctor.clone import Clone
from servicebook.settings import read_zone

PACKAGE = "servicebook"
_REQUIREMENT = re.compile(r"([\w.-]+)([^;\[]*)$")
_LIMIT = re.compile(r"(>=|<)\s*([\d.]+)")
LITTLE, TOO_LITTLE = 1_000_000_000, 100_000_000
"""Free bytes: below the first it is said, below the second writing is about to fail."""

ZONES_AGE = timedelta(days=730)
"""Zones change several times a year somewhere; a list older than this is likely wrong for somebody."""


def python_version(_: Clone) -> Iterator[Answer]:
    """Which Python runs."""
    yield fine("Python {version}", version=".".join(str(part) for part in sys.version_info[:3]))


def packages(_: Clone) -> Iterator[Answer]:
    """Whether the packages that the program stands on are there, in versions that it was tested with."""
    good = []
    for name, limits in _required():
        try:
            version = importlib.metadata.version(name)
        except importlib.metadata.PackageNotFoundError:
            yield demand("the package {name} is missing", "pip install '{name}{limits}'", name=name, limits=limits)
            continue
        if fits(version, limits):
            good.append(f"{name} {version}")
        else:
            yield demand(
                "the package {name} is {version}; {limits} was due",
                "pip install '{name}{limits}'",
                name=name,
                version=version,
                limits=limits,
            )
    if good:
        yield fine("packages: {names}", names=", ".join(good))


def _required() -> Iterator[tuple[str, str]]:
    """Yield name and version limits of each package that is not an extra."""
    for text in importlib.metadata.requires(PACKAGE) or ():
        if "extra ==" not in text and (match := _REQUIREMENT.match(text)):
            yield match[1], match[2].strip()


def fits(version: str, limits: str) -> bool:
    """Whether a version lies within limits such as `>=2.12,<3`."""
    own = _numbers(version)
    return all(
        own >= _numbers(limit) if sign == ">=" else own < _numbers(limit) for sign, limit in _LIMIT.findall(limits)
    )


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in re.findall(r"\d+", version))


def time_zones(clone: Clone) -> Iterator[Answer]:
    """Whether the desk's zone is known, and the rules for zones are of these years."""
    try:
        zone = read_zone(clone.desk_settings).key
    except SettingsError as error:
        yield from_error(error)
        return
    version = importlib.metadata.version("tzdata") if _is_there("tzdata") else ""
    if not version:
        yield fine("zone {zone}, by the system's list in {path}", zone=zone, path=":".join(zoneinfo.TZPATH))
    elif clone.now - datetime(int(version.split(".")[0]), 1, 1, tzinfo=UTC) > ZONES_AGE:
        yield advise("the list of time zones is of {version}", "pip install --upgrade tzdata", version=version)
    else:
        yield fine("zone {zone}, by tzdata {version}", zone=zone, version=version)


def _is_there(package: str) -> bool:
    try:
        importlib.metadata.version(package)
    except importlib.metadata.PackageNotFoundError:
        return False
    return True


def disk_space(clone: Clone) -> Iterator[Answer]:
    """Whether there is room to write."""
    free = shutil.disk_usage(clone.root).free
    shown = f"{free / 1e9:.1f}"
    if free < TOO_LITTLE:
        yield demand("{free} GB are free on the disk: writing is about to fail", "make room on the disk", free=shown)
    elif free < LITTLE:
        yield advise("{free} GB are free on the disk", "make room on the disk", free=shown)
    else:
        yield fine("{free} GB are free on the disk", free=shown)


def clock(clone: Clone) -> Iterator[Answer]:
    """Whether the machine's clock lies behind what was committed already."""
    seconds = clone.git("log", "-1", "--format=%ct", "--all")
    last = datetime.fromtimestamp(int(seconds), clone.now.tzinfo) if seconds else clone.now
    if last > clone.now + CLOCKS_DIFFER:
        yield demand(
            "it is {now} here, but a commit is of {last}",
            "set the machine's clock: timedatectl set-ntp true",
            now=clone.now.isoformat(),
            last=last.isoformat(),
        )
    else:
        yield fine("the clock says {now}", now=clone.now.isoformat())
