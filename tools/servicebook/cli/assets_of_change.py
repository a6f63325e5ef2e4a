"""A change is closed when its assets' records are true: refused until then, or written on the way."""

from __future__ import annotations

from argparse import Namespace

from servicebook.cli.verb import edited
from servicebook.cli.writing import landing_of, require_sound, write_record
from servicebook.errors import FindingsError
from servicebook.records.facts import Facts
from servicebook.store.snapshot import Snapshot
from servicebook.text.set_field import set_field
from servicebook.text.source_file import SourceFile
from servicebook.typed import Any
from servicebook.workflow.said_of_assets import SUCCESS, Said, said_by


def make_assets_true(desk: Snapshot, change: Facts, code: Any, given: Namespace) -> None:
    """Bring the records of a change's assets up to date with `--update-assets`; else raise FindingsError for the first
    that is not. A change that did not succeed leaves its assets alone.
    """
    if code not in SUCCESS:
        return
    for _, said in said_by(change, "asset_changes", "becomes"):
        asset = desk.get("asset", said.asset)
        found = str(asset.get(said.field, default="-")) if asset else said.becomes
        if asset is None or found == said.becomes:
            continue
        if not given.update_assets:
            raise FindingsError(
                "{id} cannot be closed: it makes `{field}` of {asset} `{becomes}`, its record says `{found}`",
                "servicebook close {id} --update-assets writes it; or servicebook set {asset} {field}={becomes}",
                id=change.id, field=said.field, asset=asset.id, becomes=said.becomes, found=found,
            )  # fmt: skip
        _write(desk, change, asset, said, given)


def _write(desk: Snapshot, change: Facts, asset: Facts, said: Said, given: Namespace) -> None:
    before = SourceFile(asset.path, desk.read_in_work_tree(asset.path))
    after = edited(asset.path, lambda: SourceFile(asset.path, set_field(before.data, (said.field,), said.becomes)))
    require_sound(desk, after, before)
    subject = f"{asset.id}: {said.field} {said.becomes}, by {change.id}"
    write_record(desk, after, before, landing_of(desk, given).commit, subject)
    print(f"{asset.path}: {said.field} {said.becomes}")
