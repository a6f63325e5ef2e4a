"""The rules about the fences of front matter and about YAML that cannot be read (FMT110 to FMT129)."""

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
)
