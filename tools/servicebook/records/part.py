"""What a spare part's record holds: what it fits, how many must be there, and every movement of the stock."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from servicebook.records.record import (
    ASKED,
    DERIVED,
    AssetRef,
    Block,
    Count,
    Day,
    Instant,
    Line,
    Money,
    PersonRef,
    Record,
    RefTo,
    SiteRef,
    SupplierRef,
    TicketRef,
)
from servicebook.records.timeline import EventId


class Movement(Block):
    """One movement of stock (clauses 1.3.3, 1.5.7-F)."""

    at: Instant = Field(description="When it happened, with offset")
    id: EventId | None = Field(None, description="Four random characters that keep two equal lines two")
    type: Literal["received", "reserved", "issued", "shipped", "arrived", "returned", "scrapped"] = Field(
        description="What sort of movement it is"
    )
    quantity: Annotated[int, Field(ge=1)] = Field(1, description="How many")
    condition: Literal["good", "broken"] = Field("good", description="Whether the piece is in good order or broken")
    serial: Line | None = Field(None, description="The serial number, where parts are tracked by it")
    ticket: TicketRef | None = Field(None, description="The ticket it is about")
    rma: Line | None = Field(None, description="The supplier's number for a broken piece that was sent back")
    by: PersonRef | None = Field(None, description="Who did it")
    from_: Line | None = Field(None, alias="from", description="Where it came from")
    to: Line | None = Field(None, description="Where it went")
    note: Line | None = Field(None, description="Free text")


class Part(Record):
    """A spare part and its stock (clause 1.3.3)."""

    status: Literal["active", "retired"] | None = Field(None, description="Where the record stands in its life")
    part_number: Line | None = Field(None, description="The maker's part number", json_schema_extra=ASKED)
    manufacturer: Line | None = Field(None, description="Who made it", json_schema_extra=ASKED)
    model: Line | None = Field(None, description="The maker's model name", json_schema_extra=ASKED)
    store: SiteRef | None = Field(None, description="Where it is kept", json_schema_extra=ASKED)
    unit: Line | None = Field(None, description="What is counted", json_schema_extra=ASKED)
    tracked_by: Literal["serial", "quantity"] | None = Field(
        None, description="Whether each piece is known by its serial number, or only how many there are"
    )
    minimum_stock: Count | None = Field(None, description="How many must be there", json_schema_extra=ASKED)
    covers_assets: list[AssetRef] = Field(default_factory=list, description="The assets it fits")
    unit_price: Money | None = Field(None, description="Price of one")
    price_cap: Money | None = Field(None, description="The price of the bid, which may not be exceeded")
    equivalent_to: list[Annotated[str, RefTo(("part",))]] = Field(
        default_factory=list, description="Parts that do the same"
    )
    supplier: SupplierRef | None = Field(None, description="Who supplies it")
    shelf_life_on: Day | None = Field(None, description="The last day it may be used")
    movements: list[Movement] = Field(default_factory=list, description="What came and went, line by line")
    on_hand: Count | None = Field(None, description="How many are there now", json_schema_extra=DERIVED)
