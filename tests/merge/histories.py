"""Random three-way histories: a record, and what two or three people lawfully do to it on branches of their own."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import datetime, timedelta, timezone

from servicebook.records.ids import seeded_event_id
from servicebook.text.document import CannotEditError, Document
from servicebook.text.set_field import append_item, remove_field, set_field
from servicebook.workflow.lifecycles import LIFECYCLES
from servicebook.workflow.transitions import state_after, status_of

START = datetime(2026, 3, 12, 8, 43, tzinfo=timezone(timedelta(hours=8)))

INCIDENT = """---
schema: incident/1
id: INC-20260312-7F3K
title: 直播频道 3 黑屏
status: new
# who pays
customer: harbour-tv
caller: {name: 陈工, role: 值班}
contact_type: hotline  # as told
reported_at: 2026-03-12T08:41:00+08:00
category: program_error
impact: high
urgency: high
assets: [cms-app-01, cms-app-02]
tags: [nginx]
links: {article: [runbook-portal-5xx]}
custom:
  rack: B4
  # counted from the left
  slot: 7
timeline:
- {at: 2026-03-12T08:43:05+08:00, id: k3f9, event: opened, by: li.wei, via: hotline}
costs:
- {role: engineer, person_days: 0.5}
- {role: manager, person_days: 0.25}
---
## Symptom

黑屏

Nothing on channel 3 since 08:35.

## Diagnosis

Not known.

## Log

- 08:43 opened
"""

CHANGE = """---
schema: change/1
id: CHG-20260312-8A2B
title: Move the origin
status: draft
change_type: normal
service: packaging-origin
assets:
- cms-app-01
- "cms-app-02"
plan:
  implementation: |
    Take it out.
    Put it in.
  backout: put it back
  test: watch it
timeline: []
---
"""

RELEASE_WITHOUT_MODEL = """---
schema: gadget/9
id: GAD-20260312-8A2B
title: "Of no known kind"
status: somewhere
timeline:
  - at: 2026-03-12T08:43:05+08:00
    id: k3f9
    event: began
  - {at: 2026-03-12T08:44:05+08:00, id: k3fa, event: went on}
numbers: [1, 2, 3]
flags: {}
---
Text"""

BASES = (INCIDENT, INCIDENT, CHANGE, RELEASE_WITHOUT_MODEL)


class Writer:
    """One person on a branch: `data` is the record as it stands there."""

    def __init__(self, data: bytes, dice: random.Random, name: str) -> None:
        self.data, self.dice, self.name = data, dice, name
        self.clock = START + timedelta(minutes=dice.randint(1, 30))
        self.told = 0

    @property
    def fields(self) -> dict:
        return Document(self.data).fields

    def word(self) -> str:
        self.told += 1
        return (
            f"{self.name}-{self.told}"
            if self.dice.random() < 0.8
            else self.dice.choice(["a: b", "#1", "是 的", "no", "2"])
        )

    def event(self) -> None:
        """Append an event that is lawful now, and the status that follows."""
        fields = self.fields
        kind = fields["schema"].partition("/")[0]
        timeline = fields.get("timeline") or []
        life = LIFECYCLES.get(kind)
        names = ["note", "note", "escalated"]
        if life:
            names += [step.event for step in life.steps if fields["status"] in step.sources]
        name = self.dice.choice(names)
        self.clock += timedelta(seconds=self.dice.randint(0, 3000))
        id = seeded_event_id(f"{self.name} {self.told} {self.dice.random()}")
        self.told += 1
        entry = {"at": self.clock.isoformat(), "id": id, "event": name, "by": f"p.{self.name}", "note": self.word()}
        self.data = append_item(self.data, ("timeline",), entry)
        if life and state_after(life, fields["status"], name) != fields["status"]:
            self.data = set_field(self.data, ("status",), status_of(kind, [*timeline, entry]))

    def close(self) -> None:
        """Write a closing block."""
        if self.fields["schema"].startswith("incident"):
            block = {
                "response": {"due_at": "2026-03-12T09:11:00+08:00", "outcome": self.dice.choice(["met", "missed"])}
            }
            self.data = set_field(self.data, ("sla",), block)

    def scalar(self) -> None:
        self.data = set_field(
            self.data, (self.dice.choice(["title", "impact", "assigned_to", "service"]),), self.word()
        )

    def tag(self) -> None:
        field = self.dice.choice(["tags", "assets"])
        there = self.fields.get(field) or []
        if there and self.dice.random() < 0.4:
            self.data = remove_field(self.data, (field, self.dice.randrange(len(there))))
        else:
            word = self.dice.choice(["lua", "redis", self.word()])
            if word not in there:
                self.data = append_item(self.data, (field,), word)

    def block(self) -> None:
        where = self.dice.choice([
            ("custom", "rack"), ("custom", "slot"), ("custom", "new"), ("caller", "role"), ("caller", "phone_ref"),
            ("links", "problem"), ("plan", "backout"), ("plan", "test"), ("resolution", "method"),
            ("resolution", "loss"),
        ])  # fmt: skip
        value = [self.word()] if where[0] == "links" else self.word()
        self.data = set_field(self.data, where, value)

    def cost(self) -> None:
        lines = self.fields.get("costs") or []
        if lines and self.dice.random() < 0.5:
            place = self.dice.randrange(len(lines))
            self.data = set_field(self.data, ("costs", place, "person_days"), self.dice.choice([1, 2, 3]))
        else:
            self.data = append_item(self.data, ("costs",), {"role": self.word(), "person_days": 1})

    def drop(self) -> None:
        self.data = remove_field(
            self.data, (self.dice.choice(["urgency", "custom", "links", "contact_type", "flags"]),)
        )

    def comment(self) -> None:
        text = self.data.decode()
        self.told += 1
        line = f"# {self.name} says {self.told}\n"
        field = self.dice.choice(["id:", "title:", "status:", "timeline:"])
        self.data = text.replace(f"\n{field}", f"\n{line}{field}", 1).encode()

    def reword(self) -> None:
        """Put a title in quotes: another text for the same value."""
        title = self.fields["title"]
        line = next(line for line in self.data.decode().split("\n") if line.startswith("title:"))
        if '"' not in title:
            self.data = self.data.replace(line.encode(), f'title: "{title}"'.encode(), 1)

    def body(self) -> None:
        head, fence, text = self.data.decode().rpartition("---\r\n" if b"\r\n" in self.data else "---\n")
        spot = self.dice.choice(["Not known.", "黑屏\n", "Nothing on channel 3", "- 08:43 opened", "Text"])
        if self.dice.random() < 0.5 and spot in text:
            text = text.replace(spot, spot + self.word())
        else:
            text += f"- {self.word()}\n"
        self.data = (head + fence + text).encode()

    def work(self, edits: int) -> bytes:
        """Do some edits; one that the editor refuses is left out."""
        steps: list[Callable[[], None]] = [
            self.event, self.event, self.event, self.scalar, self.tag, self.block, self.block, self.cost, self.drop,
            self.comment, self.reword, self.body, self.body, self.close,
        ]  # fmt: skip
        for _ in range(edits):
            try:
                self.dice.choice(steps)()
            except CannotEditError:
                continue
        return self.data


def some_history(seed: int, sides: int = 2) -> tuple[bytes, ...]:
    """Return a base and what `sides` people made of it."""
    dice = random.Random(seed)
    base = Writer(dice.choice(BASES).encode(), dice, "base").work(dice.choice([0, 0, 2, 5]))
    if dice.random() < 0.1:
        base = base.replace(b"\n", b"\r\n")
    names = ("ann", "bob", "cat")
    return (base, *(Writer(base, dice, names[side]).work(dice.randint(0, 6)) for side in range(sides)))
