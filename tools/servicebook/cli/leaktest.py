"""servicebook leaktest: does a site show anybody what they may not see?"""

from __future__ import annotations

import sys

from servicebook.cli.arguments import make_parser, speak
from servicebook.errors import UsageError


def run(argv: list[str]) -> int:
    """Try the sites of all outer audiences on a marked copy; 1 where something comes out, 4 where nothing is shown."""
    from servicebook.publish.leaktest import try_for_leaks
    from servicebook.publish.site import audiences_of

    parser = make_parser("leaktest")
    parser.add_argument(
        "--audience",
        metavar="AUDIENCE",
        action="append",
        default=[],
        help=speak("only the site of this audience, and of a customer that is made up; may be given several times"),
    )
    given = parser.parse_args(argv)
    known = [one for one in audiences_of(".") if one != "internal"]
    for audience in given.audience:
        if audience not in known:
            raise UsageError(
                "`{audience}` is no audience of this desk", "one of: {known}",
                audience=audience, known=", ".join(known),
            )  # fmt: skip
    tried = try_for_leaks(".", given.audience, _say_what)
    for audience, (file, form, mark) in tried.leaks:
        text = "{audience}: {file} shows `{field}` of {path} ({form})"
        print(speak(text, audience=audience, file=file, field=mark.field, path=mark.path, form=speak(form)))
    for path, audience in tried.missing:
        print(speak("{audience}: {path} was to be shown and is not: nothing is proven", audience=audience, path=path))
    if tried.leaks:
        count = len(tried.leaks)
        print(speak("{count} of {marks} marks came out", count=count, marks=tried.marks), file=sys.stderr)
        return 1
    if tried.missing:
        return 4
    print(
        speak(
            "{marks} marks planted, {files} files of {audiences} audiences looked through: none came out",
            marks=tried.marks, files=tried.files, audiences=len(tried.audiences),
        )
    )  # fmt: skip
    return 0


def _say_what(audience: str) -> None:
    if sys.stderr.isatty():
        print(audience, file=sys.stderr)
