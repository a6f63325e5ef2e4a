"""Sums of money: exact decimals, never binary fractions; each in its currency, none changed into another."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from servicebook.typed import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from decimal import Decimal

CURRENCY = "CNY"
"""The currency of a sum that names none, as in the model (`records.record.Money`)."""


class Money(NamedTuple):
    """A sum: exact, in one currency (ISO 4217)."""

    amount: Decimal
    currency: str

    def block(self) -> dict[str, Any]:
        """Return the sum as records hold it: `{amount: 1000, currency: CNY}`."""
        return {"amount": plain_number(self.amount), "currency": self.currency}

    def __str__(self) -> str:
        return f"{plain_number(self.amount)} {self.currency}"


def exact(value: Any) -> Decimal:
    """Return a number of front matter as the decimal that was written there; 0 for what is no number.

    YAML and JSON hand 0.1 over as a binary fraction; its shortest text is what the file says.
    """
    from decimal import Decimal, InvalidOperation  # a millisecond that most commands need not pay

    try:
        found = Decimal(str(value))
    except InvalidOperation:
        return Decimal(0)
    return found if found.is_finite() else Decimal(0)


def to_the_cent(amount: Decimal) -> Decimal:
    """Return an amount rounded to two places, halves up as in trade."""
    from decimal import ROUND_HALF_UP, Decimal

    return amount.quantize(Decimal("0.01"), ROUND_HALF_UP)


def money_of(block: Any, times: Any = 1) -> Money | None:
    """Return the sum that a block of front matter holds, `times` over, to the cent; None where there is none."""
    if not isinstance(block, Mapping) or block.get("amount") is None:
        return None
    return Money(to_the_cent(exact(block["amount"]) * exact(times)), str(block.get("currency") or CURRENCY))


def sums_of(parts: Iterable[Money]) -> dict[str, Money]:
    """Return the sum of each currency, by its code, in the order of the codes."""
    found: dict[str, Money] = {}
    for part in parts:
        known = found.get(part.currency)
        found[part.currency] = Money(known.amount + part.amount, part.currency) if known else part
    return dict(sorted(found.items()))


def plain_number(amount: Decimal) -> int | float:
    """Return an amount as a plain number for YAML and JSON; it is read back as the same decimal up to 15 digits."""
    return int(amount) if amount == amount.to_integral_value() else float(amount)
