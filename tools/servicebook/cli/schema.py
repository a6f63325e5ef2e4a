"""`servicebook schema`: what front matter of a kind may hold, for editors and people."""

from __future__ import annotations

import json
from pathlib import Path

from servicebook.cli.arguments import make_parser, speak
from servicebook.errors import NotADeskError, UsageError
from servicebook.language.catalogue import say, terminal_language, use_own_words
from servicebook.language.labels import label_of
from servicebook.records.kinds import BY_NAME
from servicebook.settings import SETTINGS_FILE, Settings, parse_settings


def run(argv: list[str]) -> int:
    """Print the JSON Schema of one kind, write all of them into a folder, or list the kinds."""
    parser = make_parser("schema", epilog=speak("Without a kind: the kinds."))
    parser.add_argument("kind", nargs="?", help=speak("a kind of record, such as incident"))
    parser.add_argument("--all", metavar="DIR", help=speak("write the schemas of all kinds into a folder"))
    given = parser.parse_args(argv)
    if given.all:
        return _write_all(Path(given.all))
    if not given.kind:
        return _list()
    print(_text(_known(given.kind)))
    return 0


def _known(word: str) -> str:
    """Return the kind a word names, with or without version, hyphens as good as underscores."""
    kind = word.partition("/")[0].replace("-", "_")
    if kind in BY_NAME:
        return kind
    import difflib

    near = difflib.get_close_matches(kind, BY_NAME, 1)
    hint = "did you mean `{near}`?" if near else "servicebook schema"
    raise UsageError("`{word}` is no kind of record", hint, word=word, near="".join(near))


def _text(kind: str) -> str:
    from servicebook.reports.json_schema import schema_of

    return json.dumps(schema_of(kind, terminal_language(), _settings()), ensure_ascii=False, indent=2)


def _settings() -> Settings:
    """Return the settings of the desk in whose work tree this runs, those of a desk without any elsewhere."""
    from servicebook.store.git import GitError
    from servicebook.store.repository import find_repository

    try:
        file = Path(find_repository(".").root) / SETTINGS_FILE
        settings = parse_settings(file.read_text("utf-8"))
    except (NotADeskError, GitError, OSError):
        return Settings()
    use_own_words(settings.words_zh)
    return settings


def _list() -> int:
    for kind in BY_NAME.values():
        form = f"{kind.prefix}-YYYYMMDD-XXXX" if kind.prefix else "slug"
        label = say("fields", label_of(kind.name), terminal_language())
        print(f"{kind.name}\t{form}\t{kind.folder}/\t{label}")
    return 0


def _write_all(folder: Path) -> int:
    folder.mkdir(parents=True, exist_ok=True)
    for kind in BY_NAME:
        target = folder / f"{kind}.schema.json"
        text = _text(kind) + "\n"
        if not target.exists() or target.read_text("utf-8") != text:
            fresh = target.with_suffix(".tmp")
            fresh.write_text(text, "utf-8")
            fresh.replace(target)
    print(speak("{n} schemas in {folder}", n=len(BY_NAME), folder=folder))
    return 0
