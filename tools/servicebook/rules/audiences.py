"""Does a record say plainly who outside may see it, and does it show them no more and no less than it means to?"""

from __future__ import annotations

from collections.abc import Iterator

from servicebook.diagnostics.diagnostic import Diagnostic, KeyPath
from servicebook.diagnostics.rule import rule
from servicebook.patterns import late_pattern
from servicebook.rules.reading import is_broken, sound_facts
from servicebook.settings import KINDS_OF_CUSTOMERS
from servicebook.typed import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from servicebook.loader import Loaded
    from servicebook.records.facts import Facts
    from servicebook.store.snapshot import Snapshot

LONG, LONG_IN_HAN = 24, 12
"""So many characters in a row are a quotation, not a chance; Han says as much in half of them."""

_HAN = late_pattern("[\u4e00-\u9fff]")
_NAMED_BLOCK = late_pattern(r"(?m)^ {0,3}:::+[ \t]*audience[ \t]+\S")


def outer_audiences(facts: Facts) -> list[str]:
    """Return the audiences outside the house that a record names."""
    said = facts.get("audience")
    return [one for one in said if one != "internal"] if isinstance(said, list) else []


@rule(
    "REC371",
    "audience-that-never-sees-the-kind",
    scope="file",
    needs=("audience",),
    severity="warning",
    message="`audience` names `{audience}`, to whom a record of the kind `{kind}` is never shown",
    hint="take `{audience}` out | or write an article for `{audience}`",
)
def audience_that_never_sees_the_kind(loaded: Loaded) -> Iterator[Diagnostic]:
    """A record meant for an audience that never sees records of its kind.

    Why: whoever wrote it thinks that it can be read outside. Kinds such as parts, suppliers and rosters are for the
    house alone, whatever they say.

    Example:
        schema: part/1
        audience: [internal, public]

    Instead:
        schema: part/1
    """
    facts = sound_facts(loaded)
    for audience in outer_audiences(facts) if facts else ():
        from servicebook.records.shown_fields import shown_fields

        if facts and shown_fields(facts.kind, audience) is None:
            where = ("audience", facts.data["audience"].index(audience))
            yield audience_that_never_sees_the_kind.at(facts.path, where, audience=audience, kind=facts.kind)


@rule(
    "REC372",
    "shown-file-that-is-refused",
    scope="file",
    needs=("shown_files",),
    severity="warning",
    message="`shown_files` names `{file}`, and only pictures and plain text are shown",
    hint="add it as PNG, JPEG, GIF, WebP, .txt, .log, .csv or .md | or take it out of `shown_files`",
)
def shown_file_that_is_refused(loaded: Loaded) -> Iterator[Diagnostic]:
    """An attachment that is to be shown and that no site outside the house will show.

    Why: what cannot be looked into may hold anything: the names of those who wrote it, an earlier version, a hidden
    sheet. It is left out, and its readers miss it.

    Example:
        shown_files: [report.docx]

    Instead:
        shown_files: [report.png]
    """
    facts = sound_facts(loaded)
    for position, name in enumerate(facts.get("shown_files", default=()) if facts else ()):
        from servicebook.text.shown_files import is_showable

        if facts and not is_showable(name):
            yield shown_file_that_is_refused.at(facts.path, ("shown_files", position), file=name)


@rule(
    "REC373",
    "shown-part-in-a-record-for-nobody",
    scope="file",
    severity="warning",
    message="{part} is meant for others, and `audience` lets nobody outside read the record",
    hint='add them to `audience`, such as `"customer:SLUG"` or `public` | or take out what was meant for them',
)
def shown_part_in_a_record_for_nobody(loaded: Loaded) -> Iterator[Diagnostic]:
    """A part of a record that names its readers outside the house, in a record that none of them can see.

    Why: somebody wrote it for a customer, who never gets to read it.

    Example:
        audience: [internal]
        shown_files: [screen.png]

    Instead:
        audience: [internal, "customer:harbour-tv"]
        shown_files: [screen.png]
    """
    facts = sound_facts(loaded)
    if facts is None or outer_audiences(facts) or (facts.kind in KINDS_OF_CUSTOMERS and not facts.get("audience")):
        return
    for part, where in _parts_for_others(loaded, facts):
        yield shown_part_in_a_record_for_nobody.at(facts.path, where, part=part)


def _parts_for_others(loaded: Loaded, facts: Facts) -> Iterator[tuple[str, KeyPath]]:
    where: KeyPath = ("audience",) if "audience" in facts.data else ("schema",)
    if facts.get("shown_files"):
        yield "`shown_files`", ("shown_files",)
    if any(outer for event in facts.timeline for outer in event.get("audience") or () if outer != "internal"):
        yield "`timeline`", where
    if loaded.front and ":::" in loaded.front.body and _NAMED_BLOCK.search(loaded.front.body):
        yield "`::: audience`", where


@rule(
    "REC374",
    "own-file-not-shown",
    scope="file",
    needs=("audience",),
    severity="warning",
    message="the text leads to `{file}`, and readers outside will not have it",
    hint="add `{file}` to `shown_files` | or put the link into a block `::: internal`",
)
def own_file_not_shown(loaded: Loaded) -> Iterator[Diagnostic]:
    """A record for readers outside whose text leads to one of its files that is not shown to them.

    Why: they see the word "restricted" where the picture should be.

    Example:
        audience: [internal, public]

        ![The menu](how-to-log-in.files/menu.png)

    Instead:
        audience: [internal, public]
        shown_files: [menu.png]

        ![The menu](how-to-log-in.files/menu.png)
    """
    facts = sound_facts(loaded)
    if facts is None or not outer_audiences(facts) or loaded.body is None:
        return
    folder = facts.path.rpartition("/")[2].removesuffix(".md") + ".files/"
    shown = facts.get("shown_files", default=())
    for link in (*loaded.body.links, *loaded.body.images):
        file = link.target.removeprefix("./")
        hidden = any(first <= link.line <= last for first, last in loaded.body.internal)
        if file.startswith(folder) and not hidden and (name := file[len(folder) :]) not in shown:
            yield own_file_not_shown.at(facts.path, _place(link), file=name)


def _place(link: Any) -> Any:
    from servicebook.diagnostics.diagnostic import Span

    return Span(link.line, link.column, link.line, link.column + 1)


@rule(
    "REC375",
    "shown-file-not-there",
    scope="relation",
    needs=("shown_files",),
    message="`shown_files` names `{file}`, and there is no such file in `{folder}`",
    hint="add the file | or take it out of `shown_files`",
)
def shown_file_not_there(facts: Facts, desk: Snapshot) -> Iterator[Diagnostic]:
    """An attachment that is to be shown and is not there.

    Why: readers outside miss it without a word.

    Example:
        shown_files: [screen.png]

    Instead: the file added as `ID.files/screen.png`, or the line taken out.
    """
    if is_broken(facts):
        return
    folder = facts.path.removesuffix(".md") + ".files/"
    for position, name in enumerate(facts.get("shown_files", default=())):
        if not desk.has_path(folder + name):
            yield shown_file_not_there.at(facts.path, ("shown_files", position), file=name, folder=folder)


@rule(
    "REC376",
    "shown-text-repeats-what-is-hidden",
    scope="file",
    needs=("audience",),
    severity="warning",
    message="{hidden} is hidden from `{audience}`, and the text they read says the same: `{quote}`",
    hint="take it out of the text | or put it into a block `::: internal`",
)
def shown_text_repeats_what_is_hidden(loaded: Loaded) -> Iterator[Diagnostic]:
    """A text for readers outside that repeats a hidden field or block of its own record, word for word.

    Why: the field is hidden for a reason, and the copy beside it is not.

    Example:
        audience: [internal, public]
        root_cause: the supplier delivered a board with a broken fan

        The picture froze: the supplier delivered a board with a broken fan.

    Instead:
        audience: [internal, public]
        root_cause: the supplier delivered a board with a broken fan

        The picture froze until the encoder was replaced.
    """
    facts = sound_facts(loaded)
    if facts is None or loaded.front is None or not (audiences := outer_audiences(facts)):
        return
    from servicebook.text.shown_texts import hidden_texts, readable_text

    audience = "public" if "public" in audiences else audiences[0]
    readable = readable_text(facts, loaded.front.body, audience)
    for where, text in hidden_texts(facts, loaded.front.body, audience):
        if _is_quotation(text) and text in readable:
            quote = text if len(text) <= 60 else text[:59] + "…"
            hidden = f"`{where}`" if where else "`:::`"
            yield shown_text_repeats_what_is_hidden.at(
                facts.path, (where.partition(".")[0],) if where else ("audience",),
                hidden=hidden, audience=audience, quote=quote,
            )  # fmt: skip


def _is_quotation(text: str) -> bool:
    """Whether a text is long enough, and of words, so that it does not stand twice by chance."""
    return len(text) >= LONG_IN_HAN if _HAN.search(text) else len(text) >= LONG and text.count(" ") > 1


RULES = (
    audience_that_never_sees_the_kind,
    shown_file_that_is_refused,
    shown_part_in_a_record_for_nobody,
    own_file_not_shown,
    shown_file_not_there,
    shown_text_repeats_what_is_hidden,
)
