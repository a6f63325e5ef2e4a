"""The yardstick of the site: the same desk as pages by Hugo, its templates in `hugo/`.

A page holds what ours holds as far as front matter and body tell it: facts and events with their words in both
languages, names as links with the titles of what they name, instants in local time, the outcomes of clocks as they
were written, and lists of a hundred tickets a page. What has to be computed from other records (clocks and their
strips, who names a record, similar incidents, graphs, charts, standing, history) Hugo's pages leave out.
"""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path

from servicebook.language.catalogue import load_area
from servicebook.publish.labels import Labels

_TEMPLATES = Path(__file__).parent / "hugo"
_NAME = re.compile(r"(?:^|[{, ])([a-z_]+): ", re.MULTILINE)
_WORDS = {
    "facts": "Facts", "clocks": "Clocks", "due": "Due", "stopped": "Stopped", "counted": "How it is counted",
    "timeline": "Timeline", "record": "Record", "state": "State", "priority": "Priority", "service": "Service",
    "opened": "Opened",
}  # fmt: skip
_APART = ("id", "iscjklanguage", "draft", "schema", "status", "timeline", "title", "title_zh", "lastmod", "date")
"""What stands elsewhere on a page than in its facts, and what Hugo adds of its own."""
_TOLD = ("at", "by", "event", "id", "note")


def prepare(folder: Path, records: Path, page: str) -> None:
    """Make a site of Hugo's in `folder`, of all records of a folder, which it takes away; `page`: a page of ours."""
    shutil.copytree(_TEMPLATES, folder)
    head, _, rest = page.partition("<main")
    _, _, rest = rest.partition("</main>")
    for template in (folder / "layouts" / "_default").iterdir():
        html = template.read_text().replace("@@HEAD@@", head).replace("@@REST@@", f"</main>{rest}")
        template.write_text(html)
    (folder / "data").mkdir()
    (folder / "data" / "say.json").write_text(json.dumps(_said(records), ensure_ascii=False))
    records.rename(folder / "content")
    for index in (folder / "content").rglob("index.md"):
        index.rename(index.with_name("_index.md"))  # with the other name Hugo takes its neighbours for attachments


def _said(records: Path) -> dict[str, object]:
    """Return what the templates say in both languages, as HTML: words of ours, names of fields and values."""
    labels = Labels(("en", "zh"))
    names = {name for path in records.rglob("*.md") for name in _NAME.findall(path.read_text().partition("\n---\n")[0])}
    values = {value: labels.value(value) for value in load_area("values", "zh") if ":" not in value}
    kinds = {f"{kind}/1": labels.kind(kind) for kind in ("incident", "service_request", "problem", "change", "service")}
    return {
        "words": {name: labels.say(word) for name, word in _WORDS.items()},
        "fields": {name: labels.field(name) for name in sorted(names)},
        "values": values | kinds,
        "apart": _APART,
        "told": _TOLD,
    }
