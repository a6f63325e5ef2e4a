"""What work costs by its contract: lines of work, parts and travel, priced by the rate card and the bid prices.

The one place that knows prices: `estimate_of` for plans (emergency plan, visit) and for what was booked on a ticket.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from servicebook.typed import TYPE_CHECKING, Any, NamedTuple
from servicebook.workflow.money import CURRENCY, Money, exact, money_of

if TYPE_CHECKING:
    from decimal import Decimal

HOURS_OF_A_DAY = 8
"""A person-day in hours, where a rate card is by the hour."""

Line = Mapping[str, Any]
Parts = Mapping[str, Mapping[str, Any]]
"""Part records by id: their `unit_price` is what one costs, their title may name an item of the bid."""


class Estimate(NamedTuple):
    """The sum of all lines that have a price, its currency, and what has none: (position of the line, its name)."""

    amount: Decimal
    currency: str
    unpriced: tuple[tuple[int, str], ...]

    @property
    def money(self) -> Money:
        """The sum with its currency; `.block()` is the form of records."""
        return Money(self.amount, self.currency)


def estimate_of(lines: Iterable[Line], contract: Mapping[str, Any] | None, parts: Parts | None = None) -> Estimate:
    """Return what lines of work, parts and travel cost by a contract's data (None: no contract, no prices).

    A line is {role, person_days}, {item, quantity}, {part, quantity} or {travel}, or has an `amount` of its own,
    which then counts. Roles are priced by the contract's `rate_card`, items by its `bid_prices`, parts by the part's
    record (`parts`) and never above its `price_cap` (service plan, 1.3.5). All is in one currency: a line in
    another one has no price here.
    """
    total, currency, unpriced = exact(0), "", []
    for position, line in enumerate(lines):
        price = price_of(line, contract, parts)
        if price is None or price.currency != (currency or price.currency):
            name = next((line[key] for key in ("role", "item", "part", "note") if line.get(key)), position + 1)
            unpriced.append((position, str(name)))
            continue
        total, currency = total + price.amount, price.currency
    return Estimate(total, currency or CURRENCY, tuple(unpriced))


def price_of(line: Line, contract: Mapping[str, Any] | None, parts: Parts | None = None) -> Money | None:
    """Return what one line costs; None where nothing says so, or its parts are in two currencies."""
    if line.get("amount"):
        return money_of(line["amount"])
    prices = []
    if line.get("role"):
        prices.append(_of_role(line, contract))
    if line.get("item"):
        prices.append(money_of(bid_price(contract, str(line["item"])), line.get("quantity", 1)))
    if line.get("part"):
        prices.append(money_of(_of_part((parts or {}).get(str(line["part"])), contract), line.get("quantity", 1)))
    if line.get("travel"):
        prices.append(money_of(line["travel"]))
    known = [price for price in prices if price]
    if not known or len(known) < len(prices) or len({price.currency for price in known}) > 1:
        return None
    return Money(sum((price.amount for price in known), exact(0)), known[0].currency)


def rate_of(contract: Mapping[str, Any] | None, role: str) -> Mapping[str, Any] | None:
    """Return the line of the rate card for a role: {role, unit, price}."""
    return next((rate for rate in (contract or {}).get("rate_card") or () if rate.get("role") == role), None)


def bid_price(contract: Mapping[str, Any] | None, item: str) -> Mapping[str, Any] | None:
    """Return the unit price that was bid for an item, as a block."""
    bids = (contract or {}).get("bid_prices") or ()
    return next((bid.get("unit_price") for bid in bids if bid.get("item") == item), None)


def cap_of(part: Mapping[str, Any], contract: Mapping[str, Any] | None) -> Money | None:
    """Return what one piece may cost at most: the part's `price_cap`, else what was bid under its title."""
    return money_of(part.get("price_cap")) or money_of(bid_price(contract, str(part.get("title"))))


def _of_role(line: Line, contract: Mapping[str, Any] | None) -> Money | None:
    rate = rate_of(contract, str(line["role"]))
    days = exact(line.get("person_days") or 0)
    return money_of(rate.get("price"), days * HOURS_OF_A_DAY if rate.get("unit") == "hour" else days) if rate else None


def _of_part(part: Mapping[str, Any] | None, contract: Mapping[str, Any] | None) -> Mapping[str, Any] | None:
    """Return the price of one piece as a block, never above what was bid."""
    if part is None:
        return None
    price, cap = money_of(part.get("unit_price")), cap_of(part, contract)
    if price and cap and price.currency == cap.currency and cap.amount < price.amount:
        return cap.block()
    return price.block() if price else cap.block() if cap else None
