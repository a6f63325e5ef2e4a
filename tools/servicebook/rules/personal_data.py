"""Does personal data stand in a record that Git would keep for ever: telephone numbers, addresses of rooms?"""

from __future__ import annotations

import re
from collections.abc import Iterator

from servicebook.diagnostics.diagnostic import Diagnostic
from servicebook.diagnostics.rule import Rule, rule
from servicebook.rules.fields import matches_of
from servicebook.typed import TYPE_CHECKING

if TYPE_CHECKING:
    from servicebook.loader import Loaded

TELEPHONE = re.compile(
    r"(?<![\w.+-])(?:(?:\+?86[- ]?)?1[3-9]\d[- ]?\d{4}[- ]?\d{4}"
    r"|\(?0\d{2,3}\)?[- ]\d{3,4}[- ]?\d{4}"
    r"|\+86[- ]?\(?0?\d{2,3}\)?[- ]\d{3,4}[- ]?\d{4})(?![\w-])"
)
"""A Chinese telephone number: mobile (11 digits from 13 to 19 on), or a landline with its area code set off."""

TELEPHONE_DIGITS = re.compile(rb"1[3-9]\d[- ]?\d{4}[- ]?\d{4}|(?:0|\+86)[- (]*\d{2,3}\)?[- ]\d{3,4}[- ]?\d{4}")

ROOM = re.compile(
    r"[\u4e00-\u9fff]{1,12}(?:路|街|道|巷|弄|胡同|里)\s*\d{1,5}\s*(?:号|弄)[^\n,，。;；}]{0,16}?\d{1,5}\s*(?:室|单元|房)"
)
"""A Chinese address down to the room: a street, its number, and a room, flat or stairway."""

ROOM_WORDS = tuple(word.encode() for word in ("室", "单元", "房"))

OF_HOUSES = ("site", "supplier", "contract", "customer", "support_hours")
"""Kinds that name places of business, not of people."""


@rule(
    "REC256",
    "telephone-number-in-record",
    scope="file",
    severity="warning",
    message="a telephone number stands in the record: `{number}`",
    hint="keep the number outside Git and name it: `phone_ref: harbour-tv/duty-desk`",
)
def telephone_number_in_record(loaded: Loaded) -> Iterator[Diagnostic]:
    """A telephone number in a record, mobile or landline.

    Why: Git keeps it for ever, in every clone, and the law of most places gives its owner the right to have it
    deleted (in China: Personal Information Protection Law, article 47).

    Example:
        caller: {name: 陈工, phone_ref: "13800138000"}

    Instead:
        caller: {name: 陈工, phone_ref: harbour-tv/duty-desk}
    """
    if loaded.kind is not None and TELEPHONE_DIGITS.search(loaded.source.data):
        for span, number in matches_of(TELEPHONE, loaded):
            shown = f"{number[:3]}…{number[-2:]}"
            yield telephone_number_in_record.at(loaded.source.path, span, number=shown)


@rule(
    "REC339",
    "home-address-in-record",
    scope="file",
    severity="warning",
    message="an address down to the room stands in the record: `{start}…`",
    hint="keep it outside Git and name it: servicebook contacts add REFERENCE | name the `site` it belongs to",
)
def home_address_in_record(loaded: Loaded) -> Iterator[Diagnostic]:
    """The address of somebody's room or flat in a record of a ticket or a person.

    Why: where people live is theirs, and Git keeps it for ever, in every clone (in China: Personal Information
    Protection Law, article 47). Sites, suppliers, customers and contracts name houses of business and are left alone.

    Example:
        caller: {name: 陈工, address: 海港市滨江路 88 号 3 单元 502 室}

    Instead:
        caller: {name: 陈工, phone_ref: harbour-tv/duty-desk}
        site: harbour-tv-hq
    """
    if loaded.kind is None or loaded.kind.name in OF_HOUSES:
        return
    if any(word in loaded.source.data for word in ROOM_WORDS):
        for span, address in matches_of(ROOM, loaded):
            yield home_address_in_record.at(loaded.source.path, span, start=address[:4])


RULES: tuple[Rule, ...] = (telephone_number_in_record, home_address_in_record)
