"""The rules about front matter: its fences and its YAML (FMT110 to FMT139)."""

from __future__ import annotations

from servicebook.diagnostics.rule import found_on_the_way


@found_on_the_way(
    "FMT110",
    "missing-front-matter",
    message="the file does not begin with front matter",
    hint="begin line 1 with `---`, then the fields, then `---`; servicebook new writes it for you",
)
def missing_front_matter() -> None:
    """A record without the fenced fields at its beginning.

    Why: kind, state and every field stand there; without it the file is no record.

    Example:
        ## Symptom
        Channel 3 is black.

    Instead:
        ---
        schema: incident/1
        ...
        ---
        ## Symptom
        Channel 3 is black.
    """


@found_on_the_way(
    "FMT111",
    "front-matter-not-first",
    message="`---` stands in line {line}; front matter must begin in line 1",
    hint="delete what stands above `---`",
)
def front_matter_not_first() -> None:
    """Blank lines or text stand above the front matter.

    Why: the site, the forge and other programs take `---` for a ruler line unless it is the very first line.

    Example: an empty line, then `---` and the fields.

    Instead: `---` as the first line of the file.
    """


@found_on_the_way(
    "FMT112",
    "missing-closing-fence",
    message="no line `---` ends the front matter; it seems to end before line {line}",
    hint="put a line `---` before line {line}",
)
def missing_closing_fence() -> None:
    """The front matter is opened and never closed.

    Why: nobody can tell where the fields end and the text begins.

    Example:
        ---
        title: Black screen
        ## Symptom

    Instead:
        ---
        title: Black screen
        ---
        ## Symptom
    """


@found_on_the_way(
    "FMT113",
    "control-character",
    message="a control character {character} stands here",
    hint="delete it; it mostly comes from pasted terminal output",
)
def control_character() -> None:
    """A control character stands in the front matter.

    Why: it is invisible, terminals obey it, and YAML forbids it.

    Example: a title with a bell or an escape sequence pasted from a terminal.

    Instead: the text without it.
    """


@found_on_the_way(
    "FMT114",
    "invisible-character",
    message="an invisible character {character} stands here",
    hint="delete it and type the text again; it mostly comes from a web page or a chat",
)
def invisible_character() -> None:
    """A character without a shape, or one that turns the direction of writing, stands in the front matter.

    Why: two values that look alike differ, so a search misses one; and text can be made to look other than
    it reads.

    Example: `harbour-tv` with a zero-width space inside, pasted from a chat.

    Instead: the value typed by hand.
    """


@found_on_the_way(
    "FMT120",
    "broken-yaml",
    message="the front matter cannot be read from here on: {problem}",
    hint="one field a line, `name: value`; put text with special characters in quotes",
)
def broken_yaml() -> None:
    """The front matter is not YAML.

    Why: no program can tell what the fields say.

    Example:
        title: [black screen

    Instead:
        title: "[black screen"
    """


@found_on_the_way(
    "FMT121",
    "tab-in-front-matter",
    message="a tab stands here; front matter is indented with spaces",
    hint="replace the tab by spaces",
)
def tab_in_front_matter() -> None:
    """A tab in front matter.

    Why: YAML forbids tabs as indentation, and readers differ in what they make of the others.

    Example: a line indented with the Tab key.

    Instead: two spaces.
    """


@found_on_the_way(
    "FMT122",
    "unclosed-quote-or-bracket",
    message="a quote or bracket opened here is never closed",
    hint="close it, or put the whole value in quotes if it is text",
)
def unclosed_quote_or_bracket() -> None:
    """A quotation mark, `[` or `{` without its other half.

    Why: everything after it is taken for a part of it.

    Example:
        assets: [transcoder-03, transcoder-04

    Instead:
        assets: [transcoder-03, transcoder-04]
    """


@found_on_the_way(
    "FMT123",
    "colon-in-text",
    message="a second `: ` stands in this line, so the text is taken for a field",
    hint="put the whole value in quotes",
)
def colon_in_text() -> None:
    """A value holds `: ` and is not in quotes.

    Why: YAML takes what stands before `: ` for a name.

    Example:
        title: Alarm: channel 3

    Instead:
        title: "Alarm: channel 3"
    """


@found_on_the_way(
    "FMT124",
    "wrong-indentation",
    message="this line does not fit the lines above it",
    hint="begin fields of one level in the same column; items of a list begin with `- `",
)
def wrong_indentation() -> None:
    """A line is indented more or less than its neighbours.

    Why: indentation says which field a line belongs to.

    Example:
        title: Black screen
          status: open

    Instead:
        title: Black screen
        status: open
    """


@found_on_the_way(
    "FMT125",
    "field-without-colon",
    message="no `: ` stands in this line, so it is no field",
    hint="write `{remedy}`",
)
def field_without_colon() -> None:
    """A field's line has no colon, no space behind it, or the full-width ones of Chinese typing.

    Why: only a plain `:` with a plain space behind it parts a name from its value; `：` and the wide space
    are letters to YAML.

    Example:
        site：harbour-tv-hq

    Instead:
        site: harbour-tv-hq
    """


@found_on_the_way(
    "FMT126",
    "comma-missing",
    message="two entries stand here without a comma between them",
    hint="put `, ` between them; a text with a comma or colon in it goes in quotes",
)
def comma_missing() -> None:
    """Inside `{...}` or `[...]` a comma is missing, or it is the full-width `，`.

    Why: only a plain `,` parts entries; without it two of them run together.

    Example:
        caller: {name: Chen role: duty desk}

    Instead:
        caller: {name: Chen, role: duty desk}
    """


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


FRONT_RULES = (
    missing_front_matter,
    front_matter_not_first,
    missing_closing_fence,
    control_character,
    invisible_character,
    broken_yaml,
    tab_in_front_matter,
    unclosed_quote_or_bracket,
    colon_in_text,
    wrong_indentation,
    field_without_colon,
    comma_missing,
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
