"""The rules about a file's form: encoding, line ends, size, and what is no record (FMT101 to FMT109)."""

from __future__ import annotations

from servicebook.diagnostics.rule import found_on_the_way


@found_on_the_way(
    "FMT101",
    "not-utf-8",
    message="the file is not UTF-8: byte `{byte}` cannot stand here",
    hint="save the file as UTF-8; in an editor: Save with encoding, UTF-8",
)
def not_utf8() -> None:
    """A record is written in an encoding other than UTF-8.

    Why: Git, forges, the site and every other clone read records as UTF-8. Bytes in another encoding show as
    garbage there, and search does not find them.

    Example: a file saved as Latin-1 or Big5 by an old editor.

    Instead: save the file as UTF-8 without a byte order mark.
    """


@found_on_the_way(
    "FMT102",
    "gb18030-file",
    message="the file is GB18030 (GBK), not UTF-8: byte `{byte}` cannot stand here",
    hint="servicebook fix turns it into UTF-8",
    fixable=True,
)
def gb18030_file() -> None:
    """A record is written in GB18030 or GBK, the encoding of older Chinese Windows programs.

    Why: Git, forges, the site and every other clone read records as UTF-8; this file shows as garbage there.

    Example: a record written in Notepad with the encoding "ANSI" on a Chinese Windows.

    Instead: `servicebook fix` rewrites the file as UTF-8; then set the editor to UTF-8.
    """


@found_on_the_way(
    "FMT103",
    "byte-order-mark",
    message="the file begins with a byte order mark",
    hint="servicebook fix removes it; in the editor choose UTF-8 without BOM",
    fixable=True,
)
def byte_order_mark() -> None:
    """A record begins with the invisible bytes EF BB BF.

    Why: Programs that look for `---` in the first line do not find it, so the forge and other tools show the
    front matter as text.

    Example: a file saved as "UTF-8 with BOM".

    Instead: `servicebook fix` removes the mark.
    """


@found_on_the_way(
    "FMT104",
    "crlf-line-ends",
    message="{lines} lines end in CRLF",
    hint="servicebook fix turns them into LF; `git config core.autocrlf input` keeps it so",
    severity="warning",
    fixable=True,
)
def crlf_line_ends() -> None:
    r"""Lines of a record end in CR LF, as Windows programs write them.

    Why: when one clone writes CRLF and another LF, every line of a record shows as changed, and
    merges conflict.

    Example: a file whose lines end in `\r\n` in the commit.

    Instead: `servicebook fix` writes LF. The desk's .gitattributes says `*.md text eol=lf`, which
    keeps new files so.
    """


@found_on_the_way(
    "FMT105",
    "binary-file",
    message="the file is binary: it holds a zero byte",
    hint="put attachments in the record's folder `<ID>.files/`; a record is a text file",
)
def binary_file() -> None:
    """A file with the name of a record holds binary data.

    Why: a record is text that people read and compare line by line.

    Example: a Word file renamed to `INC-20260312-7F3K.md`, or a file saved as UTF-16.

    Instead: keep the attachment in `INC-20260312-7F3K.files/` beside the record, or save the text as UTF-8.
    """


@found_on_the_way(
    "FMT106",
    "file-too-large",
    message="the file has {size} MiB; a record may have {limit}",
    hint="move logs and attachments to the record's folder `<ID>.files/` and link them",
)
def file_too_large() -> None:
    """A record is larger than 1 MiB; nothing of it was read.

    Why: every clone carries every version of a record for ever, and every check reads it.

    Example: a log of 10 MB pasted under `## Log`.

    Instead: keep the lines that matter, and put the whole log into `<ID>.files/` beside the record.
    """


@found_on_the_way(
    "FMT107",
    "conflict-markers",
    message="an unfinished merge: conflict markers stand from here on",
    hint="servicebook mend {path} | or choose the lines to keep, delete the three markers; then git add it",
)
def conflict_markers() -> None:
    """Git's conflict markers were left in a record.

    Why: two people changed the same place, and Git could not tell which text holds. Lines after `<<<<<<<` are
    ours, lines after `=======` theirs, up to `>>>>>>>`. Until somebody chooses, the record says two things.

    Example:
        ---
          <<<<<<< HEAD
        status: resolved
          =======
        status: paused
          >>>>>>> topic

    Instead: `servicebook mend FILE` merges it again field by field and asks for what is left; or keep the right
    lines, delete the three markers; then `git add` the file.
    """


@found_on_the_way(
    "FMT108",
    "lfs-pointer",
    message="this is a Git LFS pointer, not the record",
    hint="git lfs pull; and keep *.md out of LFS in .gitattributes",
)
def lfs_pointer() -> None:
    """A file holds the three lines of a Git LFS pointer in place of the record.

    Why: the record's text lies on an LFS server and not in Git: it cannot be checked, compared or merged.

    Example:
        version https://git-lfs.github.com/spec/v1
        oid sha256:4d7a...
        size 12345

    Instead: `git lfs pull` brings the text; take `*.md` out of the LFS lines in .gitattributes.
    """


@found_on_the_way(
    "FMT109",
    "empty-file",
    message="the file is empty",
    hint="servicebook new makes a record with all it needs; or delete the file",
)
def empty_file() -> None:
    """A file with the name of a record holds nothing.

    Why: an empty file is mostly what is left of a program that stopped while writing.

    Example: a file of 0 bytes, or of blank lines only.

    Instead: `git restore PATH` brings the last state back; `servicebook new` makes a new record.
    """


FILE_RULES = (
    not_utf8,
    gb18030_file,
    byte_order_mark,
    crlf_line_ends,
    binary_file,
    file_too_large,
    conflict_markers,
    lfs_pointer,
    empty_file,
)
