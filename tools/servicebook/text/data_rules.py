"""The rules about what front matter may hold once it can be read (FMT130 to FMT139)."""

from __future__ import annotations

from servicebook.diagnostics.rule import found_on_the_way


@found_on_the_way(
    "FMT130",
    "not-a-mapping",
    message="the front matter is {found}, not fields",
    hint="write one field a line: `name: value`",
)
def not_a_mapping() -> None:
    """The front matter is empty, a list or plain text.

    Why: a record is named fields.

    Example:
        - incident
        - Black screen

    Instead:
        schema: incident/1
        title: Black screen
    """


@found_on_the_way(
    "FMT131",
    "key-not-text",
    message="the name of a field is {found}, not text",
    hint="put the name in quotes",
)
def key_not_text() -> None:
    """The name of a field is a number, true, false, null, a list or a mapping.

    Why: fields are found by name, and readers of YAML differ in what such a name is.

    Example:
        dates: {2026: closed}

    Instead:
        dates: {"2026": closed}
    """


@found_on_the_way(
    "FMT132",
    "duplicate-key",
    message="`{key}` stands here a second time; the first is in line {line}",
    hint="keep one of the two",
)
def duplicate_key() -> None:
    """A field stands twice.

    Why: most readers silently take the last one, and the first was somebody's meaning too.

    Example:
        impact: high
        impact: low

    Instead:
        impact: high
    """


@found_on_the_way(
    "FMT133",
    "several-documents",
    message="a YAML document marker or directive stands here",
    hint="delete the line; front matter is one plain document",
)
def several_documents() -> None:
    """Front matter holds `...`, `%YAML` or a second document.

    Why: fields after the marker are read by nobody.

    Example:
        title: Black screen
        ...
        status: open

    Instead:
        title: Black screen
        status: open
    """


@found_on_the_way(
    "FMT134",
    "anchor-or-alias",
    message="`{word}` is a YAML anchor or alias",
    hint="write the value out; text that begins with & or * goes in quotes",
)
def anchor_or_alias() -> None:
    """An anchor (`&name`) or an alias (`*name`).

    Why: a few of them can stand for millions of values, and a line no longer says what it means by itself.

    Example:
        caller: &who {name: Chen}
        contact: *who

    Instead:
        caller: {name: Chen}
        contact: {name: Chen}
    """


@found_on_the_way(
    "FMT135",
    "merge-key",
    message="`<<` merges fields from elsewhere",
    hint="write the fields out",
)
def merge_key() -> None:
    """The merge key `<<` of YAML 1.1.

    Why: YAML 1.2 does not know it, so readers differ in what the record says.

    Example:
        <<: {impact: high}

    Instead:
        impact: high
    """


@found_on_the_way(
    "FMT136",
    "yaml-tag",
    message="`{word}` is a YAML tag",
    hint="delete it; text that begins with ! goes in quotes",
)
def yaml_tag() -> None:
    """A tag such as `!!python/object` or `!!set`.

    Why: a tag asks the reader to build an object, which is how files take over programs.

    Example:
        title: !!str 42

    Instead:
        title: "42"
    """


@found_on_the_way(
    "FMT137",
    "nested-too-deep",
    message="values are nested more than {limit} deep",
    hint="move the inner part to a record of its own, or to the text",
)
def nested_too_deep() -> None:
    """Lists and mappings inside one another beyond what any record needs.

    Why: nobody can read it, and thousands of levels bring programs down.

    Example:
        custom: {a: {b: {c: {d: {e: {f: {g: {h: 1}}}}}}}}

    Instead:
        custom: {a_b_c: 1}
    """


@found_on_the_way(
    "FMT138",
    "field-too-long",
    message="this value has {length} characters; a field may have {limit}",
    hint="put the text below the front matter, or in a file of the record's folder `<ID>.files/`",
)
def field_too_long() -> None:
    """A field holds more text than a field is for.

    Why: fields stand in tables, messages and lists.

    Example: a whole log as the value of `method`.

    Instead: one sentence in the field, the log under `## Log`.
    """


@found_on_the_way(
    "FMT139",
    "too-many-values",
    message="the front matter has more than {limit} values",
    hint="split the record, or keep the list in a file of the record's folder `<ID>.files/`",
)
def too_many_values() -> None:
    """Front matter with so many values that it is a table and not a record.

    Why: every check, page and list reads all of them.

    Example: 100,000 measured values under `custom:`.

    Instead: a CSV file in `<ID>.files/`, and a link to it.
    """


DATA_RULES = (
    not_a_mapping,
    key_not_text,
    duplicate_key,
    several_documents,
    anchor_or_alias,
    merge_key,
    yaml_tag,
    nested_too_deep,
    field_too_long,
    too_many_values,
)
