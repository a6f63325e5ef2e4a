"""Does personal data stand in a record that Git would keep for ever: telephone numbers, addresses of rooms?"""

from __future__ import annotations

from collections.abc import Iterator

from servicebook.diagnostics.diagnostic import Diagnostic
from servicebook.diagnostics.rule import Rule, rule
from servicebook.patterns import late_pattern
from servicebook.rules.fields import matches_of
from servicebook.typed import TYPE_CHECKING

if TYPE_CHECKING:
    from servicebook.loader import Loaded

TELEPHONE = late_pattern(
    r"(?<![\w.+-])(?:(?:\+?86[- ]?)?1[3-9]\d[- ]?\d{4}[- ]?\d{4}"
    r"|\(?0\d{2,3}\)?[- ]\d{3,4}[- ]?\d{4}"
    r"|\+86[- ]?\(?0?\d{2,3}\)?[- ]\d{3,4}[- ]?\d{4})(?![\w-])"
)
"""A Chinese telephone number: mobile (11 digits from 13 to 19 on), or a landline with its area code set off."""

_FORMS = (b"00000000000", b"00-0000000", b"0000000-0000", b"00-000-0000", b"00-0000-0000")
_AS_FORM = bytes.maketrans(b"123456789 ", b"000000000-")
"""How digits stand in telephone numbers, brackets left out; nearly no file has one of these."""

ROOM = late_pattern(
    r"[\u4e00-\u9fff]{1,12}(?:路|街|道|巷|弄|胡同|里)\s*\d{1,5}\s*(?:号|弄)[^\n,，。;；}]{0,16}?\d{1,5}\s*(?:室|单元|房)"
)
"""A Chinese address down to the room: a street, its number, and a room, flat or stairway."""

ROOM_WORDS = tuple(word.encode() for word in ("室", "单元", "房"))
HOUSE_WORDS = tuple(word.encode() for word in ("号", "弄"))
"""Words of which an address down to the room has one of each row."""

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
    if loaded.kind is not None and _has_long_number(loaded.source.data):
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
    data = loaded.source.data
    if any(word in data for word in HOUSE_WORDS) and any(word in data for word in ROOM_WORDS):
        for span, address in matches_of(ROOM, loaded):
            yield home_address_in_record.at(loaded.source.path, span, start=address[:4])


def _has_long_number(data: bytes) -> bool:
    """Whether a file's text is worth searching for telephone numbers."""
    shape = data.translate(_AS_FORM, b"()")
    return any(form in shape for form in _FORMS)


RULES: tuple[Rule, ...] = (telephone_number_in_record, home_address_in_record)
