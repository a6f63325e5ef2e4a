"""What fails with what: each relation by example, and the walks against a naive one over random landscapes."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from servicebook.records.facts import Facts
from servicebook.workflow import kept_landscape, landscape
from servicebook.workflow.dependence import OUTCOMES, failing, footing
from servicebook.workflow.kept_landscape import KeptLandscape
from servicebook.workflow.landscape import Landscape, ties_of

Ties = dict[str, list[tuple[str, str]]]


def facts_of(kind: str, id: str, **data: object) -> Facts:
    raw = json.dumps({"schema": f"{kind}/1", "id": id, **data}, ensure_ascii=False, separators=(",", ":"))
    return Facts(f"kb/{kind}s/{id}.md", "", kind, id, id, str(data.get("status", "active")), raw, "")


class SmallDesk:
    """The assets and services of a test, looked up as on a desk."""

    def __init__(self, *rows: Facts) -> None:
        self.rows = rows
        self.kept: dict[str, tuple[str, tuple[Facts, ...]]] = {}

    def kept_text(self, name: str) -> tuple[str, list[str]]:
        """Return what was kept, and the paths of the records that are otherwise now."""
        text, rows = self.kept.get(name, ("", self.rows))
        before, now = ({row.path: row.raw for row in some} for some in (rows, self.rows))
        return text, [path for path in {**before, **now} if before.get(path) != now.get(path)]

    def keep_text(self, name: str, text: str) -> None:
        """Keep a text."""
        self.kept[name] = text, self.rows

    def with_id(self, id: str) -> list[Facts]:
        """Return every record with an id."""
        return [row for row in self.rows if row.id == id]

    def at_path(self, path: str) -> Facts | None:
        """Return the record at a path."""
        return next((row for row in self.rows if row.path == path), None)

    def get(self, kind: str, id: str) -> Facts | None:
        """Return a record by id or alias."""
        named = [row for row in self.rows if row.kind == kind and id in (row.id, *row.get("aliases", default=()))]
        return next((row for row in named if row.id == id), named[0] if named else None)

    def naming(self, *targets: str, kinds: Sequence[str] = ()) -> list[Facts]:
        """Return the records that name one of these."""
        return [row for row in self.rows if row.kind in kinds and set(targets) & self._named_by(row)]

    def count_naming(self, *targets: str) -> int:
        """Return how many records name one of these."""
        return sum(bool(set(targets) & self._named_by(row)) for row in self.rows)

    def whole_kinds(self, *kinds: str) -> Iterator[Facts]:
        """Yield the records of these kinds."""
        return (row for row in self.rows if row.kind in kinds)

    def _named_by(self, row: Facts) -> set[str]:
        named = {entry["target"] for entry in row.get("relations", default=())} | {row.get("service", default="")}
        return named | {*row.get("assets", default=()), *row.get("depends_on", default=())}


def desk_of(ties: Ties, *more: Facts) -> SmallDesk:
    """Return a desk of the assets that ties name, each with its relations."""
    names = {*ties, *(target for own in ties.values() for _, target in own)} - {row.id for row in more}
    rows = [
        facts_of("asset", name, relations=[{"type": tie, "target": target} for tie, target in ties.get(name, ())])
        for name in sorted(names)
    ]
    return SmallDesk(*rows, *more)


def outcomes(desk: SmallDesk, *failed: str) -> dict[str, str]:
    return {key: hit.outcome for key, hit in failing(Landscape(desk), failed).items()}


@pytest.mark.parametrize(
    ("ties", "failed", "due"),
    [
        ({"vm": [("runs-on", "host")]}, "host", {"host": "down", "vm": "down"}),
        ({"vm": [("runs-on", "host")]}, "vm", {"vm": "down"}),
        ({"app": [("depends-on", "vm")], "vm": [("runs-on", "host")]}, "host",
         {"host": "down", "vm": "down", "app": "down"}),
        ({"app": [("depends-on", "a")], "a": [("backed-up-by", "b")]}, "a", {"a": "down", "app": "degraded"}),
        ({"app": [("depends-on", "a")], "a": [("backed-up-by", "b")]}, "b", {"b": "down", "a": "unprotected"}),
        ({"host": [("connects-to", "s1"), ("connects-to", "s2")]}, "s1", {"s1": "down", "host": "unprotected"}),
        ({"host": [("connects-to", "s1")], "app": [("runs-on", "host")]}, "s1",
         {"s1": "down", "host": "degraded", "app": "degraded"}),
        ({"host": [("connects-to", "s1")]}, "host", {"host": "down"}),
        ({"fan": [("part-of", "host")]}, "host", {"host": "down", "fan": "down"}),
        ({"n1": [("part-of", "farm")], "n2": [("part-of", "farm")]}, "n1", {"n1": "down", "farm": "degraded"}),
        ({"host": [("documented-by", "book")]}, "book", {"book": "down"}),
        ({"a": [("depends-on", "b")], "b": [("depends-on", "a")]}, "a", {"a": "down", "b": "down"}),
    ],
)  # fmt: skip
def test_a_failure_travels_along_a_relation(ties: Ties, failed: str, due: dict[str, str]) -> None:
    assert outcomes(desk_of(ties), failed) == due


def test_two_machines_that_stand_in_for_each_other_fail_together_only() -> None:
    desk = desk_of({"edge": [("depends-on", "a")], "a": [("backed-up-by", "b")], "b": [("backed-up-by", "a")]})
    assert outcomes(desk, "a") == {"a": "down", "edge": "degraded", "b": "unprotected"}
    assert outcomes(desk, "a", "b") == {"a": "down", "b": "down", "edge": "down"}


def test_a_whole_is_down_when_all_its_parts_are() -> None:
    desk = desk_of({"n1": [("part-of", "farm")], "n2": [("part-of", "farm")], "job": [("runs-on", "farm")]})
    assert outcomes(desk, "n1", "n2")["job"] == "down"
    assert outcomes(desk, "n1")["job"] == "degraded"


def test_what_is_not_in_use_neither_helps_nor_fails() -> None:
    stored = facts_of("asset", "b", status="in_stock")
    desk = desk_of({"app": [("depends-on", "a")], "a": [("backed-up-by", "b")]}, stored)
    assert outcomes(desk, "a") == {"a": "down", "app": "down"}
    assert outcomes(desk, "b") == {}


def test_services_are_as_their_assets_are_and_pull_each_other_along() -> None:
    desk = SmallDesk(
        facts_of("asset", "s1", service="network"),
        facts_of("asset", "s2", relations=[{"type": "part-of", "target": "network"}]),
        facts_of("service", "network"),
        facts_of("service", "cms", depends_on=["network"], assets=["app"]),
        facts_of("asset", "app"),
    )
    assert outcomes(desk, "s1") == {"s1": "down", "service/network": "degraded", "service/cms": "degraded"}
    assert outcomes(desk, "s1", "s2")["service/cms"] == "down"
    assert outcomes(desk, "app") == {"app": "down", "service/cms": "down"}


def test_an_asset_and_a_service_of_one_name_are_told_apart() -> None:
    desk = SmallDesk(
        facts_of("asset", "storage"), facts_of("service", "storage", assets=["nas"]), facts_of("asset", "nas"),
        facts_of("asset", "app", relations=[{"type": "depends-on", "target": "storage"}]),
    )  # fmt: skip
    assert outcomes(desk, "nas") == {"nas": "down", "service/storage": "down"}
    assert outcomes(desk, "storage") == {"storage": "down", "app": "down"}


def test_a_former_name_leads_to_the_asset() -> None:
    renamed = facts_of("asset", "host-b", aliases=["host-a"])
    desk = SmallDesk(renamed, facts_of("asset", "vm", relations=[{"type": "runs-on", "target": "host-a"}]))
    assert outcomes(desk, "host-a") == outcomes(desk, "host-b") == {"host-b": "down", "vm": "down"}


def test_it_is_told_through_what_a_record_was_hit() -> None:
    desk = desk_of({"app": [("depends-on", "vm")], "vm": [("runs-on", "host")]})
    hits = failing(Landscape(desk), ["host"])
    assert [(key, hit.by, hit.through, hit.steps) for key, hit in hits.items()] == [
        ("host", "", "", 0), ("vm", "runs-on", "host", 1), ("app", "depends-on", "vm", 2),
    ]  # fmt: skip


def test_upward_the_single_points_of_failure_are_named() -> None:
    desk = desk_of({
        "app": [("depends-on", "a")], "a": [("backed-up-by", "b"), ("runs-on", "rack")], "b": [("runs-on", "rack")],
    })  # fmt: skip
    found = {foot.facts.id: (foot.by, foot.of, foot.outcome) for foot in footing(Landscape(desk), "app")}
    assert found == {
        "a": ("depends-on", "app", "degraded"),
        "b": ("backed-up-by", "a", ""),
        "rack": ("runs-on", "a", "down"),
    }


def test_relations_are_read_alone_or_with_the_whole_row() -> None:
    relations = [{"type": "runs-on", "target": "host"}]
    odd = facts_of("asset", "x", custom={"relations": "none", "service": 3})
    assert ties_of(facts_of("asset", "x", title='says "relations":[1]', relations=relations)) == [("runs-on", "host")]
    turned = facts_of("asset", "x", relations=[{"target": "host", "type": "runs-on"}])
    assert ties_of(turned) == [("runs-on", "host")]
    assert ties_of(odd) == []
    assert ties_of(facts_of("asset", "x")) == []


NAMES = "abcdefgh"
RELATIONS = ("runs-on", "depends-on", "part-of", "connects-to", "backed-up-by")
TIES = st.dictionaries(
    st.sampled_from(NAMES),
    st.lists(
        st.tuples(
            st.sampled_from(RELATIONS),
            st.sampled_from(NAMES),
        ),
        max_size=3,
        unique=True,
    ),
)


def naive(ties: Ties, failed: Sequence[str]) -> dict[str, int]:
    """Return what becomes of each asset, by going over all of them until nothing moves."""
    named = sorted({*ties, *(target for own in ties.values() for _, target in own), *failed})
    levels = dict.fromkeys(named, 0) | dict.fromkeys(failed, 3)
    targets = {name: {tie: [t for kind, t in ties.get(name, ()) if kind == tie] for tie in RELATIONS} for name in named}
    parts = {name: [part for part in named if name in targets[part]["part-of"]] for name in named}

    def has_backup(name: str) -> bool:
        return any(levels[other] < 3 for other in targets[name]["backed-up-by"])

    def level_of(name: str) -> int:
        own, found = targets[name], [levels[name]]
        for other in (*own["runs-on"], *own["depends-on"]):
            found.append({3: 2 if has_backup(other) else 3, 2: 2}.get(levels[other], 0))
        found += [3 for whole in own["part-of"] if levels[whole] == 3]
        found += [1 for other in own["backed-up-by"] if levels[other] == 3]
        lost = [other for other in own["connects-to"] if levels[other] == 3 and not has_backup(other)]
        found += [2 if len(lost) == len(own["connects-to"]) else 1] if lost else []
        hurt = [levels[part] for part in parts[name]]
        found += [3 if min(hurt) == 3 else 2] if hurt and max(hurt) >= 2 else []
        return max(found)

    while (after := {name: level_of(name) for name in named}) != levels:
        levels.update(after)
    return {name: level for name, level in levels.items() if level}


@settings(max_examples=300)
@given(TIES, st.lists(st.sampled_from(NAMES), min_size=1, max_size=2, unique=True), st.sampled_from([1, 1000]))
def test_the_walk_finds_what_going_over_everything_finds(ties: Ties, failed: list[str], whole_from: int) -> None:
    own = {name: [(tie, other) for tie, other in ties.get(name, ()) if other != name] for name in (*ties, *failed)}
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(landscape, "_READ_WHOLE_FROM", whole_from)
        found = outcomes(desk_of(own), *failed)
    assert found == {name: OUTCOMES[level] for name, level in naive(own, failed).items()}


@settings(max_examples=200)
@given(
    TIES,
    st.dictionaries(st.sampled_from(NAMES), st.sampled_from(["s", "t", "old-s"])),
    st.sets(st.sampled_from(NAMES), max_size=2),
    st.lists(st.sampled_from(NAMES), min_size=1, max_size=2, unique=True),
)
def test_it_is_the_same_whether_the_desk_is_read_whole_or_as_far_as_asked(
    ties: Ties, serves: dict[str, str], retired: set[str], failed: list[str]
) -> None:
    rows = [
        facts_of(
            "asset", name, status="retired" if name in retired else "active", aliases=[f"old-{name}"],
            relations=[{"type": tie, "target": other} for tie, other in [*ties.get(name, ()), ("documented-by", "a")]],
            **({"service": serves[name]} if name in serves else {}),
        )
        for name in NAMES
    ]  # fmt: skip
    plain = [facts_of("asset", f"{name}{name}", relations=[{"type": "part-of", "target": name}]) for name in NAMES]
    services = [facts_of("service", "s", aliases=["old-s"], assets=["a"]), facts_of("service", "t", depends_on=["s"])]
    found, because = [], []
    desk = SmallDesk(*rows, *plain, *services)
    for whole_from in (1, 1000):
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(landscape, "_READ_WHOLE_FROM", whole_from)
            found.append(outcomes(desk, *failed))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(landscape, "_READ_WHOLE_FROM", 1)
        patch.setattr(kept_landscape, "KEPT_FROM", 0)
        for _ in range(2):  # read and kept, then out of what was kept
            land = KeptLandscape(desk)
            hits = failing(land, failed)
            found.append({key: hit.outcome for key, hit in hits.items()})
            because.append({key: (hit.facts.kind, hit.facts.id, hit.facts.title, hit[2:]) for key, hit in hits.items()})
            assert {hit.facts.raw for hit in hits.values()} <= {row.raw for row in desk.rows}
            land.keep()
    assert found[0] == found[1] == found[2] == found[3]
    assert because[0] == because[1]
    assert len(desk.kept) == (1 if found[0] else 0)


@st.composite
def assets(draw: st.DrawFn) -> tuple[Facts, ...]:
    """Draw a small desk whose records lie at paths that do not go by their ids, some of them named twice."""
    ties = st.lists(st.tuples(st.sampled_from(RELATIONS), st.sampled_from([*NAMES, "s", "old"])), max_size=3)
    rows = []
    for path in draw(st.sets(st.sampled_from([f"kb/{place}.md" for place in range(7)]), min_size=2)):
        if draw(st.integers(0, 9)) == 0:
            row = facts_of("service", draw(st.sampled_from("st")), assets=draw(st.lists(st.sampled_from(NAMES))))
        else:
            more = {"aliases": ["old"]} if draw(st.integers(0, 9)) == 0 else {}
            more |= {"service": "s"} if draw(st.booleans()) else {}
            relations = [{"type": tie, "target": other} for tie, other in draw(ties)]
            status = draw(st.sampled_from(["active", "active", "active", "retired"]))
            row = facts_of("asset", draw(st.sampled_from(NAMES)), status=status, relations=relations, **more)
        row.path = path
        rows.append(row)
    return tuple(sorted(rows, key=lambda row: row.path))


@settings(max_examples=1000)
@given(assets(), assets(), st.sets(st.integers(0, 6)), st.sampled_from(NAMES))
def test_a_graph_mended_where_files_moved_is_the_graph_read_anew(
    before: tuple[Facts, ...], after: tuple[Facts, ...], moved: set[int], failed: str
) -> None:
    paths = {f"kb/{place}.md" for place in moved}
    now = [row for row in before if row.path not in paths] + [row for row in after if row.path in paths]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(landscape, "_READ_WHOLE_FROM", 1)
        patch.setattr(kept_landscape, "KEPT_FROM", 0)
        patch.setattr(kept_landscape, "_KEPT_ANEW_FROM", 1)
        desk = SmallDesk(*before)
        first = KeptLandscape(desk)
        first.read_around(["a"])
        first.keep()
        desk.rows = tuple(sorted(now, key=lambda row: row.path))
        for _ in range(2):  # mended and kept, then out of what was kept
            land, fresh = KeptLandscape(desk), Landscape(desk)
            answers = []
            for one in (land, fresh):
                one.read_around([*NAMES, "service/s"])
                hits = failing(one, [failed])
                answers.append([(hit.facts.raw, hit.facts.path, *hit[1:]) for hit in hits.values()])
                answers.append([(foot.facts.raw, *foot[1:]) for foot in footing(one, failed)])
            assert answers[:2] == answers[2:]
            land.keep()


@settings(max_examples=200)
@given(TIES)
def test_what_an_asset_stands_on_says_what_the_walk_down_says(drawn: Ties) -> None:
    own = {name: [(tie, other) for tie, other in drawn.get(name, ()) if other != name] for name in (*drawn, "a")}
    told = {foot.facts.id: foot.outcome for foot in footing(Landscape(desk_of(own)), "a")}
    for name in sorted({*own, *(target for ties in own.values() for _, target in ties)} - {"a"}):
        becomes = outcomes(desk_of(own), name).get("a", "")
        assert told.get(name, "") == becomes.replace("unprotected", ""), name
