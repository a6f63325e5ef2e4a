"""`servicebook due`: when a target is over, or how much working time lies between two instants, on its own."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Mapping

from servicebook.cli.arguments import make_parser, speak
from servicebook.cli.due_questions import HELP, HoursShelf, answer_lines, answer_question
from servicebook.errors import UsageError
from servicebook.typed import Any

EXAMPLES = """\
servicebook due --hours cn-office --from 2026-09-30T17:00+08:00 --within 8h
servicebook due --hours cn-office --from 2026-09-30T17:00+08:00 --within '2 working days'
servicebook due --hours cn-office --from 2026-09-30T17:00+08:00 --until 2026-10-09T12:00+08:00
servicebook due --batch < questions.jsonl
"""


def run(argv: list[str]) -> int:
    """Answer one question from options, or one a line from standard input with `--batch`."""
    args = _read_arguments(argv)
    if args.batch:
        answer_lines(sys.stdin.buffer, sys.stdout.write, HoursShelf())
        return 0
    question = _question_of(args)
    answer = answer_question(question, HoursShelf())
    print(json.dumps(answer, ensure_ascii=False) if args.json else _in_words(answer))
    return 0


def _read_arguments(argv: list[str]) -> argparse.Namespace:
    parser = make_parser("due", EXAMPLES)
    parser.add_argument("--hours", help=speak("support hours by name, or inline as JSON"))
    parser.add_argument("--from", dest="start", metavar="INSTANT", help=speak("where the clock starts"))
    parser.add_argument("--within", metavar="LENGTH", help=speak("8h, 1h30m, PT90M or '2 working days'"))
    parser.add_argument("--until", metavar="INSTANT", help=speak("ask for the working time up to this instant"))
    parser.add_argument(
        "--pause", action="append", default=[], metavar="START/END", help=speak("a stretch that does not count")
    )
    parser.add_argument(
        "--due", choices=("closing", "same-time"), help=speak("when a working day is over (default: closing)")
    )
    parser.add_argument(
        "--counting", choices=("from-event-date", "from-next-opening"), help=speak("where working days count from")
    )
    parser.add_argument("--step", metavar="OFFSET", help=speak("an offset from the due time, such as -10m"))
    parser.add_argument("--json", action="store_true", help=speak("answer as JSON"))
    parser.add_argument(
        "--batch", action="store_true", help=speak("read one JSON question a line, answer one a line")
    )
    args: argparse.Namespace = parser.parse_args(_with_signed_values(argv))
    return args


def _with_signed_values(argv: list[str]) -> list[str]:
    """Return the words with `--step -10m` as one, which argparse would take for two options."""
    words: list[str] = []
    for word in argv:
        if words and words[-1] in ("--step", "--within") and word.startswith("-") and word[1:2].isdigit():
            words[-1] += f"={word}"
        else:
            words.append(word)
    return words


def _question_of(args: argparse.Namespace) -> dict[str, Any]:
    for name, value in (("--hours", args.hours), ("--from", args.start)):
        if not value:
            raise UsageError("`{option}` is missing", HELP, option=name)
    hours: Any = args.hours
    if hours.lstrip().startswith("{"):
        try:
            hours = json.loads(hours)
        except ValueError as error:
            raise UsageError("`--hours` is not JSON: {why}", HELP, why=str(error)) from error
    question: dict[str, Any] = {"hours": hours, "from": args.start}
    for name in ("within", "until", "due", "counting", "step"):
        if getattr(args, name):
            question[name] = getattr(args, name)
    question["pauses"] = [pause.split("/", 1) for pause in args.pause]
    return question


def _in_words(answer: Mapping[str, Any]) -> str:
    lines = []
    if "due_at" in answer:
        lines.append(answer["due_at"] or speak("never: a pause lasts, or the hours end first"))
    if answer.get("step_at"):
        lines.append(speak("step {at}", at=answer["step_at"]))
    if "working_seconds" in answer:
        lines.append(
            speak(
                "{working} of working time in {elapsed}",
                working=_clock_time(answer["working_seconds"]),
                elapsed=_clock_time(answer["elapsed_seconds"]),
            )
        )
    for year in answer.get("unlisted_years", ()):
        lines.append(speak("no holiday list for {year}: the answer may move", year=year))
    return "\n".join(lines)


def _clock_time(seconds: float) -> str:
    sign, whole = "-" if seconds < 0 else "", abs(int(seconds))
    return f"{sign}{whole // 3600}:{whole // 60 % 60:02}:{whole % 60:02}"
