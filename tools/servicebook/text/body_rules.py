"""The rules about a body's safety: what must not be published or run (BOD301 to BOD309)."""

from __future__ import annotations

from servicebook.diagnostics.rule import found_on_the_way


@found_on_the_way(
    "BOD301",
    "raw-html",
    message="`{text}` is HTML",
    hint="write it in Markdown, or put it in backquotes to show it as it is",
)
def raw_html() -> None:
    """HTML tags in the text of a record.

    Why: a tag can load scripts and hide text, so neither the site nor the forge shows it as written.

    Example:
        <script>alert(1)</script>

    Instead:
        `<script>alert(1)</script>`
    """


@found_on_the_way(
    "BOD302",
    "unsafe-link",
    message="`{target}` would run in the reader's browser",
    hint="link to a page with https://, or put the text in backquotes",
)
def unsafe_link() -> None:
    """A link with javascript:, vbscript: or data:.

    Why: whoever clicks it runs code of the writer with the reader's rights.

    Example:
        [details](javascript:alert(1))

    Instead:
        [details](https://example.org/details)
    """


@found_on_the_way(
    "BOD303",
    "path-escapes-repository",
    message="`{target}` leads out of the repository",
    hint="put the file into the record's folder `<ID>.files/` and link that",
)
def path_escapes_repository() -> None:
    """A relative link with so many `..` that it leaves the repository.

    Why: other clones and the site do not have that file, and a program that followed it could publish a
    private one.

    Example:
        [key](../../../../../../etc/passwd)

    Instead:
        [key](INC-20260312-7F3K.files/key.txt)
    """


@found_on_the_way(
    "BOD304",
    "link-to-local-file",
    message="`{target}` is a file of one computer or office network",
    hint="put the file into the record's folder `<ID>.files/` and link that",
)
def link_to_local_file() -> None:
    r"""A link to file:, a drive letter or a network share.

    Why: nobody else can open it, and it tells the names of machines.

    Example:
        [log](C:\\logs\\channel3.txt)

    Instead:
        [log](INC-20260312-7F3K.files/channel3.txt)
    """


@found_on_the_way(
    "BOD305",
    "empty-link",
    message="the link `{text}` leads nowhere",
    hint="put the address between the round brackets, or remove the brackets",
)
def empty_link() -> None:
    """A link without an address.

    Why: the reader clicks and nothing happens.

    Example:
        [runbook]()

    Instead:
        [runbook](../articles/restart-transcoder.md)
    """


@found_on_the_way(
    "BOD306",
    "unclosed-code-fence",
    message="the code block opened here is never closed",
    hint="add a line {fence} after the code",
)
def unclosed_code_fence() -> None:
    """A fenced code block without its closing line.

    Why: everything below it, the log included, is shown as code and read by no program.

    Example:
        ```
        systemctl restart transcoder
        ## Log

    Instead:
        ```
        systemctl restart transcoder
        ```
        ## Log
    """


@found_on_the_way(
    "BOD307",
    "unclosed-internal-block",
    message="the internal block opened here is never closed",
    hint="add a line `:::` where the internal part ends",
)
def unclosed_internal_block() -> None:
    """A block `::: internal` without its closing line `:::`.

    Why: nobody can tell which text customers may read.

    Example:
        ::: internal
        The supplier was late again.

    Instead:
        ::: internal
        The supplier was late again.
        :::
    """


@found_on_the_way(
    "BOD308",
    "unknown-block",
    message="`::: {name}` is not a block that the desk knows",
    hint="write `::: internal` or `::: audience customer`, and `:::` in the line where it ends",
)
def unknown_block() -> None:
    """A `:::` block whose name is neither `internal` nor `audience` with readers, one in another, or a closing alone.

    Why: a misspelt name would publish text that was meant to stay in the house.

    Example:
        ::: intern
        The supplier was late again.
        :::

    Instead:
        ::: internal
        The supplier was late again.
        :::
    """


@found_on_the_way(
    "BOD309",
    "hidden-character-in-text",
    message="a character {character} stands here that nobody sees",
    hint="delete it; it mostly comes from pasted terminal output",
)
def hidden_character_in_text() -> None:
    """A control character, or one that turns the direction of writing, in the text.

    Why: terminals obey it, and text can be made to look other than it reads.

    Example: pasted terminal output with colour codes.

    Instead: the text without them.
    """


BODY_RULES = (
    raw_html,
    unsafe_link,
    path_escapes_repository,
    link_to_local_file,
    empty_link,
    unclosed_code_fence,
    unclosed_internal_block,
    unknown_block,
    hidden_character_in_text,
)
