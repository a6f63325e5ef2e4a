"""What all records share: strict fields, references by annotation, instants with an offset."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Annotated, Any, Literal, NamedTuple

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    GetJsonSchemaHandler,
    JsonValue,
    StringConstraints,
    WithJsonSchema,
)
from pydantic_core import CoreSchema

from servicebook.records.kinds import TICKET_KINDS
from servicebook.records.readings import read_date, read_duration, read_instant, read_zone


class RefTo(NamedTuple):
    """Marks a text field as a reference: `kinds` are the kinds of record it may name.

    prefix: only text that starts with it is a reference, and the target is what follows
    (`customer:harbour-tv` in an audience). A `@2026-01-01` behind a target cites a version of it.
    """

    kinds: tuple[str, ...]
    prefix: str = ""

    def __get_pydantic_json_schema__(self, core: CoreSchema, handler: GetJsonSchemaHandler) -> dict[str, Any]:
        """Say in JSON Schemas which kinds the text may name."""
        text = handler(core)
        return text if self.prefix else {**text, "x-refers-to": list(self.kinds)}


ASKED: dict[str, JsonValue] = {"asked": True}
"""Marks a field that `new` asks for."""
DERIVED: dict[str, JsonValue] = {"derived": True}
"""Marks a field that is derived when absent and checked when present."""


Instant = Annotated[datetime, BeforeValidator(read_instant)]
"""An `_at` field: ISO 8601 with offset."""
Day = Annotated[date, BeforeValidator(read_date)]
"""An `_on` field: YYYY-MM-DD."""
Duration = Annotated[
    timedelta,
    BeforeValidator(read_duration),
    WithJsonSchema({"type": "string", "pattern": r"^(?=.)(\d+d)?(\d+h)?(\d+m)?(\d+s)?$", "examples": ["30m", "1h30m"]}),
]
"""A length of wall-clock time."""
Line = Annotated[str, StringConstraints(min_length=1, max_length=500, pattern=r"^[^\r\n]*$")]
"""Text of one line."""
Text = Annotated[str, StringConstraints(min_length=1, max_length=20_000)]
"""Text of several lines."""

Word = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*$", max_length=60)]
"""One lower-case word with underscores."""
Zone = Annotated[str, AfterValidator(read_zone)]
"""The name of a time zone, such as Asia/Shanghai."""
Count = Annotated[int, Field(ge=0)]
"""A whole number from 0 up."""
Amount = Annotated[float, Field(ge=0, allow_inf_nan=False)]
"""A number from 0 up, such as a sum of money or person-days."""
Grade = Literal["high", "medium", "low"]
"""Impact, urgency, risk and the like."""

CustomerRef = Annotated[str, RefTo(("customer",))]
ContractRef = Annotated[str, RefTo(("contract",))]
SiteRef = Annotated[str, RefTo(("site",))]
ServiceRef = Annotated[str, RefTo(("service",))]
AssetRef = Annotated[str, RefTo(("asset",))]
PersonRef = Annotated[str, RefTo(("person",))]
GroupRef = Annotated[str, RefTo(("team",))]
AgreementRef = Annotated[str, RefTo(("agreement",))]
SupportHoursRef = Annotated[str, RefTo(("support_hours",))]
SupplierRef = Annotated[str, RefTo(("supplier",))]
BoardRef = Annotated[str, RefTo(("board",))]
OwnerRef = Annotated[str, RefTo(("person", "team"))]
ArticleRef = Annotated[str, RefTo(("article",))]
IncidentRef = Annotated[str, RefTo(("incident",))]
ProblemRef = Annotated[str, RefTo(("problem",))]
KnownErrorRef = Annotated[str, RefTo(("known_error",))]
ChangeRef = Annotated[str, RefTo(("change",))]
ReleaseRef = Annotated[str, RefTo(("release",))]
TicketRef = Annotated[str, RefTo(TICKET_KINDS)]

Audience = Annotated[
    str,
    StringConstraints(pattern=r"^(internal|public|customer:[a-z0-9][a-z0-9.-]*)$"),
    RefTo(("customer",), prefix="customer:"),
]


class Block(BaseModel):
    """A group of fields inside a record; unknown fields are refused."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class Money(Block):
    """A sum of money."""

    amount: Amount = Field(description="How much")
    currency: Annotated[str, StringConstraints(pattern=r"^[A-Z]{3}$")] = Field(
        "CNY", description="Currency code, three letters (ISO 4217)"
    )


class External(Block):
    """Where an imported record comes from."""

    system: Line = Field(description="The system the record was imported from")
    id: Line = Field(description="The id it has there")
    url: Line | None = Field(None, description="Where it can be seen there")
    quirks: list[Annotated[str, StringConstraints(pattern=r"^[A-Z]{3}\d{3}$")]] = Field(
        default_factory=list, description="Rules that the source breaks; their findings only inform, for this record"
    )


class Waiver(Block):
    """A rule that does not hold for this record: why, until when, by whose word."""

    rule: Annotated[str, StringConstraints(pattern=r"^[A-Z]{3}\d{3}$")] = Field(description="The rule's code")
    reason: Line = Field(description="Why it does not hold here")
    until: Day = Field(description="The last day of the waiver")
    by: PersonRef = Field(description="Who waived it")


class Record(BaseModel):
    """The fields of every kind."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    schema_: Annotated[str, StringConstraints(pattern=r"^[a-z_]+/\d+$")] = Field(
        alias="schema", description="Kind and version of the record's form, such as incident/1"
    )
    id: Line = Field(description="The record's id, which is also its file name")
    title: Line = Field(description="What it is, in one line", json_schema_extra=ASKED)
    title_zh: Line | None = Field(None, description="The title in Chinese, where the record is kept in English")
    status: str | None = Field(None, description="Where the record stands in its life")
    audience: list[Audience] = Field(
        default_factory=lambda: ["internal"], description="Who may see it on a published site"
    )
    shown_files: list[Line] = Field(
        default_factory=list,
        description="Files of its own folder that audiences outside the house may see with it, by name",
    )
    tags: list[Line] = Field(default_factory=list, description="Free words to find it by")
    aliases: list[Line] = Field(default_factory=list, description="Former ids that still lead here")
    external: External | None = Field(None, description="Where it was imported from")
    waivers: list[Waiver] = Field(default_factory=list, description="Rules that do not hold here, each with its reason")
    custom: dict[str, Any] = Field(
        default_factory=dict, description="The organisation's own fields, declared in its settings"
    )
