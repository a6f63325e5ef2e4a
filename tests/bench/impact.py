"""Time the impact walk over 20,000 assets and 60,000 relations: `impact.py [--assets N]`; limit 300 ms after start.

Racks hold hosts, hosts hang on two switches, machines run on hosts, applications on machines; every third host and
application has a backup. The worst walks are asked for: a core switch with everything on it, and an application's
way up. Figures are processor time of a process of its own, after the desk was opened: of walks over the graph that
the first walk kept, of that first one, which reads the rows, and of walks while assets are edited that the graph has
otherwise.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
from pathlib import Path

LIMIT_MS = 300
EDITED = 50
SERVICEBOOK = str(Path(sys.executable).parent / "servicebook")
ASSET = """\
---
schema: asset/1
id: {id}
title: {id}
status: active
asset_type: server
site: hall-1
service: {service}
location: rack {n}
manufacturer: Northwell
model: R640
serial_number: NW64-{n:06}
version: "3.{n}"
owner: li.wei
{relations}---
"""
WALKS = (("down", "core-1", "core-2"), ("down", "core-1"), ("down", "rack-7"), ("down", "app-9"), ("up", "app-9"))
ASKED = """\
import gc, json, sys, time
gc.set_threshold(2_000_000, 20, 50)  # as the command does
from servicebook.rules.opening import open_desk
from servicebook.workflow.dependence import failing, footing
from servicebook.workflow.kept_landscape import NAME, KeptLandscape
if sys.argv[1] == "forget":
    open_desk(".").keep_text(NAME, "")
    del sys.argv[1]
begin = time.process_time()
desk = open_desk(".")
opened = time.process_time()
land = KeptLandscape(desk)
found = failing(land, sys.argv[2:]) if sys.argv[1] == "down" else footing(land, sys.argv[2])
done = time.process_time()
land.keep()
rows = [facts.raw for facts in desk.of_kind("asset")]
yard = time.process_time()
parsed = [json.loads(row) for row in rows]
print((opened - begin) * 1000, (done - opened) * 1000, (time.process_time() - yard) * 1000, len(found))
"""


def relations_of(count: int) -> dict[str, list[tuple[str, str]]]:
    """Return the assets of a believable hall, three relations each on average."""
    racks, hosts, machines = count // 100, count // 10, count * 4 // 10
    ties: dict[str, list[tuple[str, str]]] = {"core-1": [("backed-up-by", "core-2")], "core-2": []}
    for n in range(racks):
        ties[f"rack-{n}"] = [("depends-on", f"core-{n % 2 + 1}"), ("connects-to", "core-1"), ("connects-to", "core-2")]
    for n in range(hosts):
        rack = n % racks
        ties[f"host-{n}"] = [
            ("part-of", f"rack-{rack}"), ("connects-to", "core-1"), ("connects-to", "core-2"),
            *([("backed-up-by", f"host-{(n + 1) % hosts}")] if n % 3 == 0 else []),
        ]  # fmt: skip
    for n in range(machines):
        ties[f"vm-{n}"] = [("runs-on", f"host-{n % hosts}"), ("connects-to", f"rack-{n % racks}")]
    for n in range(count - len(ties)):
        ties[f"app-{n}"] = [
            ("runs-on", f"vm-{n % machines}"), ("depends-on", f"vm-{n * 7 % machines}"),
            ("depends-on", f"host-{n * 3 % hosts}"),
            *([("backed-up-by", f"app-{n + 1}")] if n % 3 == 0 else [("depends-on", f"vm-{n * 11 % machines}")]),
        ]  # fmt: skip
    return ties


def write_hall(root: Path, count: int) -> int:
    """Write the assets and their services, commit them, and return how many relations there are."""
    ties = relations_of(count)
    folder = root / "kb" / "assets"
    folder.mkdir(parents=True)
    for n, (id, own) in enumerate(ties.items()):
        listed = "".join(f"- {{type: {tie}, target: {target}}}\n" for tie, target in own)
        relations = f"relations:\n{listed}" if listed else ""
        (folder / f"{id}.md").write_text(ASSET.format(id=id, n=n, service=f"service-{n % 40}", relations=relations))
    (root / "kb" / "services").mkdir()
    for n in range(40):
        text = f"---\nschema: service/1\nid: service-{n}\ntitle: Service {n}\nstatus: active\n---\n"
        (root / "kb" / "services" / f"service-{n}.md").write_text(text)
    for words in (["init", "--quiet"], ["add", "."], ["commit", "--quiet", "--no-verify", "-m", "hall"]):
        subprocess.run(["git", "-c", "user.name=x", "-c", "user.email=x@example.org", *words], cwd=root, check=True)
    return sum(map(len, ties.values()))


def walk(root: Path, *words: str) -> tuple[float, ...]:
    """Return the milliseconds of opening, of walking and of the yardstick, which is the plain parse of all rows as
    JSON, the quickest of five; and how many records were found.
    """
    asked = [sys.executable, "-c", ASKED, *words]
    runs = [subprocess.run(asked, cwd=root, capture_output=True, check=True).stdout.split() for _ in range(5)]
    return min((tuple(map(float, figures)) for figures in runs), key=lambda figures: figures[1])


def edit(root: Path, hosts: int) -> None:
    """Edit some hosts: another version, and another rack that they are part of."""
    for n in range(hosts):
        path = root / "kb" / "assets" / f"host-{n}.md"
        text = path.read_text("utf-8").replace("target: rack-", "target: rack-1")
        path.write_text(text.replace('version: "3.', 'version: "4.'), "utf-8")


def main() -> int:
    """Print a line for each walk; 1 when one takes longer than the limit."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--assets", type=int, default=20_000)
    given = parser.parse_args()
    over = 0
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        relations = write_hall(root, given.assets)
        subprocess.run([SERVICEBOOK, "list", "service"], cwd=root, capture_output=True, check=False)
        print(f"{given.assets} assets, {relations} relations")
        firsts = [walk(root, "forget", *words)[1] for words in WALKS]
        kept = [walk(root, *words) for words in WALKS]
        edit(root, EDITED)
        edited = [walk(root, *words)[1] for words in WALKS]
        for words, first, (opening, walking, yard, found), after in zip(WALKS, firsts, kept, edited, strict=True):
            over += max(walking, after) > LIMIT_MS
            verdict = "ok" if max(walking, after) <= LIMIT_MS else "OVER"
            figures = f"{walking:7.1f} ms <= {LIMIT_MS} {verdict:4} {walking / yard:6.2f} x JSON of all rows"
            more = f"{EDITED} edited {after:.0f}, first {first:.0f}, open {opening:.0f} ms"
            print(f"{' '.join(words):20} {found:6.0f} records  {figures}  ({more})")
    return int(over > 0)


if __name__ == "__main__":
    sys.exit(main())
