"""The rules about text that forge and site show differently, and about its order (BOD310 to BOD324)."""

from __future__ import annotations

from servicebook.diagnostics.rule import found_on_the_way


@found_on_the_way(
    "BOD310",
    "emphasis-not-recognised",
    message="`{text}` is bold or italic on one site and shows its asterisks on another",
    hint="put the punctuation outside the asterisks, or a space beside them",
    severity="warning",
)
def emphasis_not_recognised() -> None:
    """Asterisks beside Chinese punctuation that CommonMark does not take for emphasis.

    Why: CommonMark (forges) closes emphasis after punctuation only before a space or more punctuation;
    Python-Markdown (the site) closes it anyway.

    Example:
        **故障：**已恢复

    Instead:
        **故障**：已恢复
    """


@found_on_the_way(
    "BOD311",
    "nested-list-indent",
    message="this list is nested by {indent} spaces; the site needs {due}",
    hint="indent it by {due} spaces: both the forge and the site then nest it",
    severity="warning",
)
def nested_list_indent() -> None:
    """A nested list indented by two or three spaces.

    Why: CommonMark (forges) nests it, Python-Markdown (the site) needs four spaces and makes one flat
    list.

    Example:
        - restarted
          - node 1

    Instead:
        - restarted
            - node 1
    """


@found_on_the_way(
    "BOD312",
    "no-blank-line-before",
    message="a {block} begins right below a line of text",
    hint="put a blank line before it",
    severity="warning",
)
def no_blank_line_before() -> None:
    """A list or table directly below a line of text.

    Why: CommonMark (forges) begins a new block, Python-Markdown (the site) goes on with the paragraph.

    Example:
        Steps:
        - restart

    Instead:
        Steps:

        - restart
    """


@found_on_the_way(
    "BOD313",
    "indented-code",
    message="code by four spaces of indentation",
    hint="put it between two lines ```",
    severity="warning",
)
def indented_code() -> None:
    """A code block made by indentation.

    Why: beside lists CommonMark (forges) and Python-Markdown (the site) differ in whether it is code, and
    an indented sentence becomes code by accident.

    Example:
        Restart:

            systemctl restart transcoder

    Instead:
        ```
        systemctl restart transcoder
        ```
    """


@found_on_the_way(
    "BOD314",
    "heading-without-space",
    message="`{text}` is a heading on the site and text on the forge",
    hint="put a space after the #, or a backslash before it if it is no heading",
    severity="warning",
)
def heading_without_space() -> None:
    """A line that begins with # and goes on without a space.

    Why: Python-Markdown (the site) takes it for a heading, CommonMark (forges) for text; a section named
    so is found by no program.

    Example:
        ##日志

    Instead:
        ## 日志
    """


@found_on_the_way(
    "BOD320",
    "heading-level-jump",
    message="a heading of level {level} follows one of level {before}",
    hint="use level {due}: {marks}",
    severity="warning",
)
def heading_level_jump() -> None:
    """A heading that skips a level.

    Why: the table of contents and screen readers lose a step.

    Example:
        ## Log
        #### Monday

    Instead:
        ## Log
        ### Monday
    """


@found_on_the_way(
    "BOD321",
    "title-in-text",
    message="a heading of level 1 stands in the text",
    hint="use ## ; the record's title is the field `title`",
    severity="warning",
)
def title_in_text() -> None:
    """A heading of level 1 in the body of a record.

    Why: the page already has its title from the field, and would have two.

    Example:
        # Black screen on channel 3

    Instead:
        ## Symptom
    """


@found_on_the_way(
    "BOD322",
    "section-twice",
    message="the section `{title}` stands here a second time; the first is in line {line}",
    hint="join the two",
    severity="warning",
)
def section_twice() -> None:
    """Two sections of one meaning, such as `## Log` and `## 日志`.

    Why: programs that read the section find only the first.

    Example:
        ## Log
        ## 日志

    Instead:
        ## Log
    """


@found_on_the_way(
    "BOD323",
    "malformed-checkbox",
    message="`{text}` is not a checkbox",
    hint="write `- [ ] ` for open and `- [x] ` for done",
)
def malformed_checkbox() -> None:
    """A list item that looks like a checkbox and is none.

    Why: it is counted neither as open nor as done.

    Example:
        - [] restart
        - [√] verify

    Instead:
        - [ ] restart
        - [x] verify
    """


@found_on_the_way(
    "BOD324",
    "paragraph-too-long",
    message="a paragraph of {length} characters; one may have {limit}",
    hint="put the log into the record's folder `<ID>.files/`, or break it into lines of a code block",
)
def paragraph_too_long() -> None:
    """A paragraph so long that nobody reads it and its links were not checked.

    Why: it is mostly a log pasted without line ends, and takes every program seconds to read.

    Example: 10,000 log lines pasted as one paragraph.

    Instead: the log as a file in `<ID>.files/`, and a link to it.
    """


LAYOUT_RULES = (
    emphasis_not_recognised,
    nested_list_indent,
    no_blank_line_before,
    indented_code,
    heading_without_space,
    heading_level_jump,
    title_in_text,
    section_twice,
    malformed_checkbox,
    paragraph_too_long,
)
