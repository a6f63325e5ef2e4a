"""Which command was called: the table of all commands, and how each of their endings is told.

Nothing heavy is imported here: `servicebook version` may take twice the time of `python -c pass`, no more,
so dispatch is by hand, and argparse is the commands' own affair.
"""

import os
import sys

TYPE_CHECKING = False  # `version` imports next to nothing
if TYPE_CHECKING:
    from typing import NoReturn

COMMANDS = {
    "init": ("init", "Make a fresh desk in a folder, with examples that pass their own check"),
    "new": ("new", "Open a ticket, or add any other record"),
    "next": ("next", "Show what you should do now"),
    "messages": ("messages", "Show what is due to be said, to whom, how and when"),
    "ack": ("ack", "Acknowledge a ticket: somebody has told the customer"),
    "assign": ("assign", "Give a ticket to a person or a team"),
    "note": ("note", "Write down what happened on a ticket"),
    "stage": ("stage", "Say in which stage of its state a ticket is, by the desk's own words"),
    "pause": ("pause", "Stop a ticket's clocks, with a reason"),
    "resume": ("resume", "Take a paused ticket up again"),
    "tell": ("tell", "Say that the customer has heard, and when they hear next"),
    "escalate": ("escalate", "Bring a ticket to somebody's attention"),
    "emergency": ("emergency", "Write the emergency plan of an incident, and what it will cost"),
    "consent": ("consent", "Write down that the customer agreed to the plan"),
    "confirm": ("plan_approval", "Confirm in writing what was approved by phone"),
    "resolve": ("resolve", "Say that a ticket is solved, and how"),
    "coordinate": ("coordinate", "Write a sideways or diagonal contact down, with its leave, and that it was reported"),
    "report": ("report", "Submit the handling report of an incident; make, review and submit periodic reports"),
    "reopen": ("reopen", "Take a resolved ticket up again"),
    "close": ("close", "Close a resolved ticket and write its clocks down"),
    "fulfil": ("fulfil", "Say that a service request is fulfilled"),
    "cancel": ("step", "Give a ticket up, with a reason"),
    "reject": ("voting", "Turn a change or a request down, with a reason"),
    "submit": ("voting", "Put a change before those who decide"),
    "approve": ("voting", "Approve a change, with your signature where its board votes, or an emergency plan"),
    "withdraw": ("voting", "Take your vote on a change back"),
    "vote": ("vote", "Take in a vote by mail, record one by phone, or a condition that was met"),
    "board": ("board", "Show who may vote on a change, and what is missing"),
    "verify": ("verify", "Prove that a change was approved before it was done"),
    "reschedule": ("step", "Give a change another time; it is decided anew"),
    "start": ("step", "Begin the work on a change, or an inspection"),
    "implement": ("step", "Say that a change is implemented"),
    "backout": ("step", "Say that a change or a release was taken back, and why"),
    "build": ("step", "Begin to build a release"),
    "test": ("step", "Begin to test a release"),
    "pass": ("step", "Say that a release has passed its tests"),
    "deploy": ("step", "Begin to deploy a release"),
    "finish": ("step", "Say that a release is deployed"),
    "handover": ("handover", "Make the hand-over pack of a project, and say what is missing to it"),
    "plan": ("plan", "Make the inspections that come; show what is late, missed, or due a visit"),
    "tick": ("tick", "Write down what an inspection found, item by item"),
    "raise": ("raise_", "Open an incident for what failed in an inspection"),
    "readings": ("readings", "Show what inspections found of a plan or an asset over time"),
    "who": ("whereabouts", "Show who is where, free when, and with how much to do"),
    "skills": ("skills", "Show who masters what, and which skills nobody has"),
    "contacts": ("contacts", "Keep telephone numbers and addresses by reference outside of Git, show and erase them"),
    "roster": ("roster", "Show who is on duty now and next, the handovers, and the gaps ahead"),
    "team": ("team", "Show what teams got done: throughput, promises kept, reopened tickets, satisfaction"),
    "stakeholders": ("stakeholders", "Show who is told what, when and how, by the communication plans"),
    "survey": ("survey", "Write down what a customer says of a ticket, a project or a year"),
    "done": ("done", "Say that an action of a meeting or a report is done; show what is open"),
    "satisfaction": ("satisfaction", "Show how content customers are"),
    "depart": ("travel", "Say that you are on the way to a site"),
    "arrive": ("travel", "Say that you are on site"),
    "leave": ("travel", "Say that you have left the site of an incident"),
    "signoff": ("step", "Say that an inspection is done and signed off"),
    "activate": ("status", "Put a record into use: a service, an asset, an article, ..."),
    "retire": ("status", "Take a record out of use"),
    "expire": ("status", "Let an agreement or a contract end"),
    "stock": ("status", "Put an asset into stock"),
    "repair": ("status", "Give an asset away for repair"),
    "book": ("book", "Write down what the work on a ticket cost"),
    "costs": ("costs", "Show what work cost, by ticket, contract, customer or month"),
    "cover": ("cover", "Show whether a ticket or an asset is covered, and who pays for what"),
    "renewals": ("renewals", "Show what runs out soon: contracts, options to renew, cover, warranties"),
    "health": ("health", "Show how it went with a customer or a service, month by month"),
    "part": ("part", "Show what is in the stores, and write movements of goods down"),
    "cure": ("status", "Say that a known error is fixed for good"),
    "edit": ("edit", "Open a record in your editor, and judge it when it is saved"),
    "set": ("set", "Set fields of a record, or take them out"),
    "link": ("link", "Tie two records together"),
    "renumber": ("renumber", "Give one of two records with one id another, wherever it stands"),
    "rename": ("rename", "Give a record with a lasting name another one"),
    "key": ("key", "Add, replace, withdraw and list the keys that people sign with"),
    "check": ("check", "Check the records of the desk"),
    "watch": ("watch", "Say what is wrong with each record as soon as it is saved"),
    "fix": ("fix", "Mend what can be mended without asking"),
    "waivers": ("waivers", "List what was let off the rules, and by whom"),
    "audit": ("audit", "Sum up for a period whether the history was kept, and who did what to it"),
    "evidence": ("evidence", "Give the evidence for a change in one file that anybody can check"),
    "attest": ("attest", "Make votes of a pull request's reviews, signed by the forge's account"),
    "codeowners": ("codeowners", "Write whom a forge asks to review what, from boards and services"),
    "receipts": ("receipts", "List what the server received when, and who signed for it"),
    "checkpoint": ("checkpoint", "Pin where a branch stands, for an auditor to hold against it later"),
    "merge": ("merge", "Bring another branch in, records field by field"),
    "mend": ("mend", "Settle what a merge left in conflict in a file"),
    "show": ("show", "Show one record with its clocks, timeline and links"),
    "history": ("history", "Show what was done to an asset, a site, a service or for a customer"),
    "list": ("list", "List records by their fields"),
    "grep": ("grep", "Find a regular expression in the records"),
    "impact": ("impact", "Show what fails with an asset, what it stands on, what a change reaches"),
    "drift": ("drift", "Show where records of assets are not what changes and baselines say"),
    "sla": ("sla", "Show the clocks, the soonest first"),
    "due": ("due", "Compute a due time on its own"),
    "hours": ("hours", "Bring a year's holidays into support hours, tell which clocks moved"),
    "explain": ("explain", "Explain a rule by its code"),
    "rules": ("rules", "List all rules"),
    "schema": ("schema", "Print the JSON Schema of a kind of record"),
    "docs": ("docs", "Write the reference pages of kinds and rules"),
    "import": ("import_", "Bring records in from another system"),
    "site": ("site", "Build the desk's site"),
    "leaktest": ("leaktest", "Try whether a site shows anybody what they may not see"),
    "install": ("install", "Connect this clone to the desk's hooks"),
    "doctor": ("doctor", "Look at Git, hooks, machine and names, and say what to change"),
    "hook": ("hook", "Do the work of a Git hook"),
    "version": ("version", "Print the version"),
}
"""Every command: its module in this room, and what it is for. Order is that of the help."""

SHARED = ("step", "status", "voting", "travel")
"""Modules that stand for several commands: they are told which."""

FIRST_PAGE = """\
Servicebook keeps a service desk in Git: every ticket is a text file.

  servicebook new incident        open a ticket; it asks what it needs
  servicebook next                what you should do now
  servicebook resolve 7F3K        it is solved: say how (four characters of the id will do)

Everything else:   servicebook help
In Chinese:        servicebook --lang zh
"""

BROKEN_PIPE = 141
BUG = 3
INTERRUPTED = 130


def main(argv: list[str] | None = None) -> int:
    """Run one command and return its exit code: 0 done, 1 findings, 2 cannot go on, 3 our bug, 130 Ctrl-C."""
    words = list(sys.argv[1:] if argv is None else argv)
    if words and words[0] in ("version", "--version", "-V") and len(words) == 1:
        from servicebook import __version__

        print(f"servicebook {__version__}", flush=True)
        if argv is None:
            os._exit(0)  # taking the interpreter down costs a fifth of the whole call
        return 0
    from servicebook.compiled import find_by_name

    find_by_name()
    before = os.environ.get("SERVICEBOOK_LANG")
    ending = [BUG]
    if argv is None and words[:1] == ["site"]:
        _leave_last(ending)
    try:
        code = ending[0] = _guarded(words)
    finally:
        if before is None:
            os.environ.pop("SERVICEBOOK_LANG", None)
        else:
            os.environ["SERVICEBOOK_LANG"] = before
    if argv is None and words[:1] != ["site"]:
        leave(code)
    return code


def leave(code: int) -> "NoReturn":
    """End the process without taking the interpreter down, which costs a lookup a tenth; all is written and let go of.

    Not from `site`, where MkDocs has threads and what it wants done at the end: see _leave_last.
    """
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except OSError:  # nobody reads on
            continue
    if databases := sys.modules.get("servicebook.store.databases"):
        databases.let_go_of_large_logs()
    os._exit(code)


def _leave_last(ending: list[int]) -> None:
    """Leave when all others have done what they want done at the end, with the code that `ending` has by then.

    The interpreter waits for threads first, and calls who came first last. To take down what a site of 10,000 tickets
    was made of would cost a fifth of its build.
    """
    import atexit

    atexit.register(lambda: leave(ending[0]))


def _guarded(words: list[str]) -> int:
    """Run the command; every way it can end becomes an exit code and, where due, two lines on stderr."""
    from servicebook.errors import ServicebookError

    try:
        code = _dispatch(_without_language(words))
        sys.stdout.flush()
    except ServicebookError as error:
        return tell_error(error)
    except SystemExit as end:  # argparse ends so after --help and after a wrong option
        return end.code if isinstance(end.code, int) else int(bool(end.code))
    except KeyboardInterrupt:
        return INTERRUPTED
    except BrokenPipeError:
        _silence_stdout()
        return BROKEN_PIPE
    except OSError as error:
        return _tell_machine(error)
    except Exception as error:  # noqa: BLE001 - the outermost place: whatever is left is our bug
        return _tell_words(words, error) or _tell_damage(error) or _tell_bug(error)
    return code


def _dispatch(words: list[str]) -> int:
    if not words:
        print(_say(FIRST_PAGE), end="")
        return 0
    name, rest = words[0], words[1:]
    if name in ("help", "--help", "-h"):
        if rest and rest[0] in COMMANDS:
            return _run(rest[0], ["--help"])
        print(_help())
        return 0
    if name not in COMMANDS:
        raise _unknown(name)
    return _run(name, rest)


def _run(name: str, rest: list[str]) -> int:
    from servicebook.errors import ServicebookError

    if name == "hook" and rest[:1] in (["--help"], ["-h"]):
        # The hook reads its words without argparse, for speed; its help need not be as fast.
        from servicebook.cli.arguments import make_parser

        make_parser(name).print_help()
        return 0
    import gc

    from servicebook.zones import place_zones

    place_zones()
    gc.set_threshold(50_000, 20, 50)  # fact rows are freed by counting references; looking for circles costs a tenth
    module = f"servicebook.cli.{COMMANDS[name][0]}"
    try:
        __import__(module)  # without `importlib`, which brings `warnings`
    except ModuleNotFoundError as error:
        if error.name != module:
            raise
        raise ServicebookError(
            _say("`{name}` is not in this version yet", name=name),
            _say("servicebook help lists what there is"),
        ) from error
    code: int = sys.modules[module].run([name, *rest] if COMMANDS[name][0] in SHARED else rest)
    return code


def _without_language(words: list[str]) -> list[str]:
    """Take `--lang zh` out of the words, wherever it stands before `--`, and set it for this call."""
    rest: list[str] = []
    left = iter(words)
    for word in left:
        if word == "--":
            return [*rest, word, *left]
        if word == "--lang" or word.startswith("--lang="):
            _set_language(word[7:] if "=" in word else next(left, ""))
        else:
            rest.append(word)
    return rest


def _set_language(language: str) -> None:
    if language not in ("en", "zh"):
        from servicebook.errors import UsageError

        raise UsageError("`--lang {language}` is not known", "--lang en, --lang zh", language=language)
    os.environ["SERVICEBOOK_LANG"] = language


def _help() -> str:
    lines = [_say("Commands (each tells more with --help):"), ""]
    lines += [f"  {name:<10} {_say(summary)}" for name, (_, summary) in COMMANDS.items()]
    lines += ["", _say("Everywhere: --lang en|zh, or SERVICEBOOK_LANG; NO_COLOR turns colours off.")]
    return "\n".join(lines)


def _unknown(name: str) -> Exception:
    import difflib

    from servicebook.errors import UsageError

    near = difflib.get_close_matches(name, COMMANDS, 1)
    hint = "did you mean `servicebook {near}`?" if near else "servicebook help"
    return UsageError("there is no command `{name}`", hint, name=name, near="".join(near))


def _say(text: str, /, **params: object) -> str:
    from servicebook.language.catalogue import say, terminal_language

    return say("cli", text, terminal_language(), **params)


def _shown(text: str) -> str:
    from servicebook.language.display import plain

    return "\n".join(plain(line) for line in text.split("\n"))  # Git's own words may take several lines


def tell_error(error: Exception) -> int:
    """Print an error as two lines, what is wrong and what to do, and return its exit code."""
    from servicebook.errors import ServicebookError

    assert isinstance(error, ServicebookError)
    message, hint = error.templates
    print(f"servicebook: {_shown(_say(message, **error.params))}", file=sys.stderr)
    if hint:
        print(f"{_say('hint')}: {_shown(_say(hint, **error.params))}", file=sys.stderr)
    return error.exit_code


def _tell_machine(error: OSError) -> int:
    """Tell what the machine refused: rights, room on the disk, a name too long; anything else is our bug."""
    import errno

    from servicebook.errors import ServicebookError

    refusals = ("EACCES", "EPERM", "EROFS", "ENOSPC", "EDQUOT", "EFBIG", "EIO", "ENAMETOOLONG", "ELOOP", "EMFILE")
    if error.errno not in [getattr(errno, name, None) for name in refusals]:
        return _tell_bug(error)
    remedy = "make room on the disk or get the right to read and write there, then run it again"
    return tell_error(ServicebookError("{path}: {why}", remedy, path=error.filename or "-", why=error.strerror))


def _tell_words(words: list[str], error: Exception) -> int:
    """Tell which word of the command is no text, where an error comes from that; 0 for any other error."""
    odd = next((word for word in words if not word.isascii() and "\\udc" in ascii(word)), "")
    if not odd or not isinstance(error, UnicodeEncodeError):
        return 0
    from servicebook.errors import UsageError

    remedy = "type it anew, in a terminal that is set to UTF-8"
    return tell_error(UsageError("`{word}` is not UTF-8", remedy, word=odd))


def _tell_damage(error: Exception) -> int:
    """Delete the index where the error comes from its damage, and tell; 0 for any other error."""
    from servicebook.store.damage import let_go_of_damaged

    told = let_go_of_damaged(error)
    return tell_error(told) if told else 0


def _tell_bug(error: Exception) -> int:
    """Keep the traceback in a file and say where; people at work get three lines."""
    import tempfile
    import traceback

    handle, path = tempfile.mkstemp(prefix="servicebook-bug-", suffix=".log")
    with os.fdopen(handle, "w", encoding="utf-8") as log:
        log.write(f"argv: {sys.argv!r}\npython: {sys.version}\n\n")
        log.write("".join(traceback.format_exception(error)))
    print(_say("servicebook: this is our bug, not yours: {error}", error=type(error).__name__), file=sys.stderr)
    print(_say("Nothing was half written. Please send us this file: {path}", path=path), file=sys.stderr)
    return BUG


def _silence_stdout() -> None:
    """Point stdout at nothing, or Python complains again while it exits."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


if __name__ == "__main__":
    sys.exit(main())
