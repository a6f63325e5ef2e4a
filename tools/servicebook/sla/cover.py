"""What a contract's cover holds on a day: each scope with its own start and term, and what is free in it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, timedelta

from servicebook.patterns import late_pattern
from servicebook.typed import Any, NamedTuple


class CoverTerm(NamedTuple):
    """One scope of cover: from its first to its last day (None for open), and the clause that says so.

    first is None where what starts it has not happened, or nobody wrote it down: then it holds on no day.
    free: what costs the customer nothing (labour, parts, travel, custom_work); paid: what is said to be paid.
    after: whether a fault of the product is mended `free` or `paid` after the last day; "" where it is not said.
    """

    scope: str
    first: date | None
    last: date | None
    clause: str
    free: frozenset[str]
    paid: frozenset[str] = frozenset()
    after: str = ""

    def holds_on(self, day: date) -> bool:
        """Whether the scope covers what is reported on a day."""
        return self.first is not None and self.first <= day and (self.last is None or day <= self.last)


_TERM = late_pattern(r"(\d{1,5}) (day|week|month|year)s?")

PAYABLE = ("labour", "parts", "travel", "custom_work")


def terms_of(contract: Mapping[str, Any], assets: Iterable[Mapping[str, Any]] = ()) -> list[CoverTerm]:
    """Return the scopes of a contract's cover with their days; `assets` are those that the ticket names.

    Goods count from final acceptance, software from signing, the maker's warranty from that of the asset: of
    several assets the one covered longest. A renewal runs to the end of the contract unless it has a term.
    Sources: service plan 1.1-1, 1.3.5, 1.6; sla.md, point 16.
    """
    found = []
    for block in contract.get("cover") or []:
        if not isinstance(block, Mapping) or not block.get("scope"):
            continue
        first = day_written(contract.get(str(block.get("start_event"))))
        last = end_of_term(first, block.get("term"))
        if block.get("start_event") == "maker":
            first, last = _makers(assets, block.get("term"))
        expires = day_written(contract.get("expires_on"))
        if last is None and first is not None:
            last = expires
        free, paid = (frozenset(name for name in PAYABLE if block.get(name) == said) for said in ("free", "paid"))
        clause, after = str(block.get("clause") or ""), str(block.get("post_expiry_product_fault") or "")
        found.append(CoverTerm(str(block["scope"]), first, last, clause, free, paid, after))
    return found


def _makers(assets: Iterable[Mapping[str, Any]], term: Any) -> tuple[date | None, date | None]:
    """Return the stretch of the longest maker's warranty among assets."""
    best: tuple[date | None, date | None] = (None, None)
    for asset in assets:
        warranty = asset.get("warranty")
        first = day_written(warranty.get("start")) if isinstance(warranty, Mapping) else None
        last = (day_written(warranty.get("end")) if isinstance(warranty, Mapping) else None) or end_of_term(first, term)
        if first is None and last is not None:
            first = date.min
        if first is not None and (best[0] is None or (last or date.max) > (best[1] or date.max)):
            best = (first, last)
    return best


def end_of_term(first: date | None, term: Any) -> date | None:
    """Return the last day of a term such as `3 years`: three years from 18 November end on 17 November."""
    match = _TERM.fullmatch(term) if isinstance(term, str) else None
    if first is None or match is None:
        return None
    count, unit = int(match[1]), match[2]
    if unit in ("day", "week"):
        return first + timedelta(days=count * (7 if unit == "week" else 1) - 1)
    months = first.year * 12 + first.month - 1 + count * (12 if unit == "year" else 1)
    year, month = divmod(months, 12)
    if year >= date.max.year:
        return date.max
    after = date(year + month // 11, (month + 1) % 12 + 1, 1)  # the first of the month behind it
    day = min(first.day, (after - timedelta(days=1)).day)
    end = date(year, month + 1, day)
    # From 29 February a year ends on 28 February itself: there is no day before a day that is not there.
    return end - timedelta(days=1) if day == first.day else end


def day_written(value: Any) -> date | None:
    """Return the date at the start of a text (2026-03-12, or an instant as its own wall clock shows it)."""
    try:
        return date.fromisoformat(str(value)[:10])
    except ValueError:
        return None
