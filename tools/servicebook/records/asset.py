"""What an asset record holds: a configuration item, where it stands, who owns it, what it is tied to."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from servicebook.records.record import (
    ASKED,
    AgreementRef,
    Block,
    CustomerRef,
    Day,
    Line,
    OwnerRef,
    PersonRef,
    Record,
    RefTo,
    ServiceRef,
    SiteRef,
    SupplierRef,
)

AssetType = Literal[
    "server", "virtual_machine", "container_host", "storage", "network_device", "firewall", "load_balancer",
    "encoder", "transcoder", "packager", "workstation", "power", "database", "application", "software",
    "cluster", "cloud_service", "circuit", "document", "other",
]  # fmt: skip
"""The class of the configuration item."""


class Relation(Block):
    """A tie to another asset, or to the article or service that the type asks for."""

    type: Literal["runs-on", "depends-on", "part-of", "connects-to", "documented-by", "backed-up-by"] = Field(
        description="How the two are tied"
    )
    target: Annotated[str, RefTo(("asset", "article", "service"))] = Field(description="What it is tied to")


class Warranty(Block):
    """How long the maker or seller stands for it."""

    start: Day | None = Field(None, description="First day of the warranty")
    end: Day | None = Field(None, description="Last day of the warranty")
    source: Line | None = Field(None, description="Where the warranty is written")


class Verified(Block):
    """When and by whom the record was last compared with the thing."""

    verified_on: Day = Field(description="When it was compared")
    by: PersonRef = Field(description="Who compared it")


class Asset(Record):
    """A configuration item: where it stands, who answers for it, what it is tied to."""

    status: Literal["planned", "in_stock", "active", "in_repair", "retired"] | None = Field(
        None, description="Where the record stands in its life"
    )
    asset_type: AssetType | None = Field(None, description="The class of configuration item", json_schema_extra=ASKED)
    customer: CustomerRef | None = Field(None, description="The customer it belongs to", json_schema_extra=ASKED)
    site: SiteRef | None = Field(None, description="The place it stands at", json_schema_extra=ASKED)
    service: ServiceRef | None = Field(None, description="The service it serves first", json_schema_extra=ASKED)
    agreements: list[AgreementRef] = Field(
        default_factory=list, description="Agreements that hold for this asset alone"
    )
    location: Line | None = Field(None, description="Where it stands within the site, such as room and rack")
    manufacturer: Line | None = Field(None, description="Who made it")
    model: Line | None = Field(None, description="The maker's model name")
    serial_number: Line | None = Field(None, description="The maker's serial number")
    version: Line | None = Field(None, description="The version of its software or firmware")
    owner: OwnerRef | None = Field(None, description="Who answers for it, a person or a team", json_schema_extra=ASKED)
    supplier: SupplierRef | None = Field(None, description="Who supplied it")
    purchase_channel: Line | None = Field(None, description="By which way it was bought")
    installed_on: Day | None = Field(None, description="When it was put into service")
    warranty: Warranty | None = Field(None, description="How long maker or seller stand for it")
    relations: list[Relation] = Field(default_factory=list, description="What it is tied to")
    verified: Verified | None = Field(None, description="When and by whom the record was last proven true")
