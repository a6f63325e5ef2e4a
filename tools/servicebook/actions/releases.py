"""What the steps of a release write beside the event: the phase of its plan, and the proof that it was tested."""

from __future__ import annotations

from servicebook.actions.event import Stamp
from servicebook.records.facts import Facts
from servicebook.text.set_field import append_item, set_field
from servicebook.text.source_file import SourceFile
from servicebook.typed import Any

PHASES = {
    "build_started": "build", "test_started": "test", "test_passed": "distribute", "deployment_started": "implement",
}  # fmt: skip
"""The phase of the plan (clause 1.5.6: design, build, test, distribute, implement) that a step leads into."""


def with_phase(source: SourceFile, facts: Facts, event: str) -> SourceFile:
    """Return the file in the phase that a step of a release leads into; other kinds and steps as they are."""
    phase = PHASES.get(event) if facts.kind == "release" else None
    if not phase or facts.get("phase") == phase:
        return source
    return SourceFile(source.path, set_field(source.data, ("phase",), phase))


def with_test_passed(source: SourceFile, facts: Facts, stamp: Stamp, evidence: str) -> SourceFile:
    """Return the file with the proof that the release passed its tests, unless it was written down since the build.

    evidence: where the proof is, such as a file of the record; empty for none.
    """
    built = [str(event.get("at"))[:10] for event in facts.timeline if event.get("event") == "build_started"]
    last: dict[str, Any] = (facts.get("test_evidence", default=[]) or [{}])[-1]
    if last.get("result") == "passed" and str(last.get("tested_on")) >= (built[-1] if built else "") and not evidence:
        return source
    proof = {"by": stamp.by, "tested_on": f"{stamp.at:%Y-%m-%d}", "result": "passed"}
    if evidence:
        proof["attachment"] = evidence
    if facts.get("test_evidence"):
        return SourceFile(source.path, append_item(source.data, ("test_evidence",), proof))
    return SourceFile(source.path, set_field(source.data, ("test_evidence",), [proof]))


def with_test_failed(source: SourceFile, facts: Facts, stamp: Stamp) -> SourceFile:
    """Return the file with the test that a release did not pass: who builds anew out of the tests says so."""
    if facts.kind != "release" or facts.status != "in_test":
        return source
    proof = {"by": stamp.by, "tested_on": f"{stamp.at:%Y-%m-%d}", "result": "failed"}
    return SourceFile(source.path, append_item(source.data, ("test_evidence",), proof))
