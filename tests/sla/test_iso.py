"""An instant is written as Python writes it in a zone, around every change of offset too."""

from __future__ import annotations

import random
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from servicebook.sla.instants import DAY, SECOND, from_micros, iso_in, to_micros


@pytest.mark.parametrize("name", ["Asia/Shanghai", "Europe/Berlin", "America/St_Johns", "Pacific/Apia", "UTC"])
def test_instants_read_as_python_writes_them(name: str) -> None:
    zone, draw = ZoneInfo(name), random.Random(name)
    low, high = (to_micros(datetime(year, 1, 1, tzinfo=UTC)) for year in (1890, 2300))
    autumn = to_micros(datetime(2026, 10, 25, 1, tzinfo=UTC))
    asked = [draw.randrange(low, high) for _ in range(2000)]
    asked += [autumn + draw.randrange(-DAY, DAY) // SECOND * SECOND for _ in range(500)]
    for micros in asked:
        assert iso_in(micros, zone) == from_micros(micros, zone).isoformat(timespec="seconds")
