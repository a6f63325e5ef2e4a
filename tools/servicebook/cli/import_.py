"""`servicebook import`: take in the records of another system; what it got wrong is said, not smoothed over."""

from __future__ import annotations

import argparse
from collections import Counter
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from servicebook.cli.arguments import make_parser, speak
from servicebook.cli.terminal import Progress
from servicebook.diagnostics.wording import message_of
from servicebook.errors import UsageError
from servicebook.exchange.cstate import read_cstate
from servicebook.exchange.csv_log import read_csv
from servicebook.exchange.csv_map import parse_map
from servicebook.exchange.draft import Intake
from servicebook.exchange.settle import Settled, settle
from servicebook.language.catalogue import terminal_language
from servicebook.language.display import plain
from servicebook.rules.registry import BY_CODE
from servicebook.settings import Settings

SHOWN = 12
"""How many of a list are shown before the rest is counted."""


def run(argv: list[str]) -> int:
    """Run the command; 0 when everything found a place, 1 when something was refused."""
    wish = _parser().parse_args(argv)
    intake = _read(wish)
    from servicebook.rules.opening import open_desk
    from servicebook.store.write import write_files

    desk = open_desk(".")
    _ask_for_custom_fields(intake, desk.settings)
    with Progress(speak("importing"), len(intake.drafts)) as progress:
        settled = settle(intake.drafts, desk, desk.settings, update=wish.update, step=progress.step)
    if not wish.dry_run:
        write_files(desk.root, settled.files)
    _tell(intake, settled, wish.dry_run)
    return 1 if intake.faults or settled.refused else 0


def _read(wish: argparse.Namespace) -> Intake:
    path = Path(wish.source)
    if not path.exists():
        raise UsageError(f"{path} is not there", "name the folder or file to import")
    if wish.system == "cstate":
        try:
            return read_cstate(path, customer=wish.customer, zone=ZoneInfo(wish.zone))
        except (ZoneInfoNotFoundError, ValueError, IsADirectoryError) as error:
            raise UsageError(f"`{wish.zone}` is no zone", "write one such as Asia/Shanghai") from error
    if not wish.map:
        raise UsageError(
            speak("a table needs a map file: --map MAP.yml"), speak("maps that come along: {names}", names=_shipped())
        )
    map_file = _map_file(wish.map)
    return read_csv(path, parse_map(map_file.read_bytes(), wish.map), map_file.parent)


MAPS = Path(__file__).parent.parent / "exchange" / "maps"


def _map_file(name: str) -> Path:
    """Return where a map file lies: a path, or the name of one that comes with Servicebook."""
    for path in (Path(name), MAPS / f"{name}.yml"):
        if path.is_file():
            return path
    raise UsageError(speak("no map file {name}", name=name), speak("maps that come along: {names}", names=_shipped()))


def _shipped() -> str:
    return ", ".join(sorted(path.stem for path in MAPS.glob("*.yml")))


def _ask_for_custom_fields(intake: Intake, settings: Settings) -> None:
    """Refuse once, with the line to add, when the drafts carry own fields that the desk does not declare."""
    types = {bool: "boolean", int: "number", float: "number", list: "list"}
    met = {
        name: types.get(type(value), "text")
        for draft in intake.drafts
        for name, value in (draft.fields.get("custom") or {}).items()
        if name not in settings.custom
    }
    if met:
        table = {**settings.custom, **dict(sorted(met.items()))}
        line = ", ".join(f'{name} = "{kind}"' for name, kind in table.items())
        raise UsageError(
            speak(
                "the map fills fields of your own that the desk does not declare: {names}", names=", ".join(sorted(met))
            ),
            speak("under [tool.servicebook] in pyproject.toml write: custom = {{ {line} }}", line=line),
        )


def _tell(intake: Intake, settled: Settled, dry_run: bool) -> None:
    text = "{n} records would be written, {same} unchanged" if dry_run else "{n} records written, {same} unchanged"
    print(speak(text, n=len(settled.files), same=settled.unchanged))
    for folder, count in sorted(Counter(file.path.split("/")[1] for file in settled.files).items()):
        print(f"  {folder}: {count}")
    kept = "kept as they are here, though the source differs (--update takes the source)"
    _list(speak(kept), settled.kept)
    unknown = [f"{column}: {value!r} ({count})" for (column, value), count in intake.unknown.most_common()]
    _list(speak("values without a place here"), unknown)
    quirks = [f"{code} {BY_CODE[code].name} ({count})" for code, count in settled.quirks.most_common()]
    _list(speak("declared as quirks of the source"), quirks)
    _list(speak("not taken in"), [f"{place}: {why}" for place, why in intake.faults])
    language = terminal_language()
    refused = [f"{f.path}: {f.code} {message_of(BY_CODE[f.code], f, language)}" for f in settled.refused]
    _list(speak("refused"), refused)
    for note in intake.notes:
        print(plain(note))


def _list(head: str, lines: list[str]) -> None:
    if lines:
        print(f"{head}: {len(lines)}")
        for line in lines[:SHOWN]:
            print(f"  {plain(line)}")
        if len(lines) > SHOWN:
            print(f"  ... {len(lines) - SHOWN}")


def _parser() -> argparse.ArgumentParser:
    parser = make_parser("import")
    parser.add_argument("system", choices=["cstate", "csv"], help=speak("what the source is"))
    parser.add_argument("source", help=speak("its folder or file"))
    parser.add_argument("--map", default="", help=speak("csv: the map file, or the name of one that comes along"))
    parser.add_argument("--customer", default="", help=speak("cstate: slug of the customer whose services these are"))
    parser.add_argument("--zone", default="UTC", help=speak("cstate: the zone of times without offset"))
    parser.add_argument("--dry-run", action="store_true", help=speak("say what would be written, write nothing"))
    parser.add_argument("--update", action="store_true", help=speak("take the source's word for records that differ"))
    return parser
