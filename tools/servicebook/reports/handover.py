"""The hand-over pack of a project: one document made of its records, and what of it is still missing."""

from __future__ import annotations

from collections.abc import Iterator

from servicebook.language.catalogue import say
from servicebook.language.display import plain
from servicebook.records.facts import Facts
from servicebook.reports.board import Desk
from servicebook.typed import Any, NamedTuple


class Paper(NamedTuple):
    """One document that is due: `there` is where it was found, empty while it is missing."""

    name: str
    there: str


class Pack(NamedTuple):
    """What the records say of a project. missing: gaps in words, as (English template, values)."""

    contract: Facts
    acceptances: tuple[Facts, ...]
    trainings: tuple[tuple[Facts, dict[str, Any]], ...]
    assets: tuple[Facts, ...]
    papers: tuple[Paper, ...]
    missing: tuple[tuple[str, dict[str, str]], ...]


def pack_of(desk: Desk, contract: Facts) -> Pack:
    """Return the hand-over pack of a contract (clauses 1.1-3 and 1.6)."""
    acceptances = tuple(facts for facts in desk.of_kind("acceptance") if facts.get("contract") == contract.id)
    requests = [facts for facts in desk.of_kind("service_request") if _is_training(facts, contract)]
    trainings = tuple((facts, one) for facts in requests for one in facts.get("training", default=()))
    named = (desk.get("asset", id) for id in contract.get("assets", default=()))
    assets = tuple(asset for asset in named if asset)
    papers = tuple(_paper(str(name), contract, acceptances) for name in contract.get("documents_due", default=()))
    gaps = tuple(_gaps(contract, acceptances, trainings, assets, papers))
    return Pack(contract, acceptances, trainings, assets, papers, gaps)


def _is_training(facts: Facts, contract: Facts) -> bool:
    if facts.get("request_type") != "training" or facts.status in ("cancelled", "rejected"):
        return False
    return contract.id == facts.get("contract") if facts.get("contract") else _same_customer(facts, contract)


def _same_customer(facts: Facts, contract: Facts) -> bool:
    return bool(facts.get("customer")) and facts.get("customer") == contract.get("customer")


def _paper(name: str, contract: Facts, acceptances: tuple[Facts, ...]) -> Paper:
    """A paper is there when the contract says it was handed over, or when a signed acceptance lists it."""
    for entry in contract.get("handed_over", default=()):
        if str(entry.get("document", "")).casefold() == name.casefold():
            where = f", {entry['where']}" if entry.get("where") else ""
            return Paper(name, f"{entry.get('handed_on')}, {entry.get('to')}{where}")
    for facts in acceptances:
        listed = {str(one).casefold() for one in facts.get("documents", default=())}
        if facts.get("signed_on") and name.casefold() in listed:
            return Paper(name, facts.id)
    return Paper(name, "")


def _gaps(
    contract: Facts,
    acceptances: tuple[Facts, ...],
    trainings: tuple[tuple[Facts, dict[str, Any]], ...],
    assets: tuple[Facts, ...],
    papers: tuple[Paper, ...],
) -> Iterator[tuple[str, dict[str, str]]]:
    if not contract.get("documents_due"):
        yield "the contract does not say which documents are due", {}
    for paper in papers:
        if not paper.there:
            yield "`{name}` was not handed over", {"name": paper.name}
    if not acceptances:
        yield "no subsystem was tested", {}
    for facts in acceptances:
        if facts.get("result") not in ("passed", "passed_with_defects"):
            yield "the test of `{name}` has not passed", {"name": str(facts.get("subsystem"))}
        elif not facts.get("signed_on"):
            yield "the test of `{name}` is not signed", {"name": str(facts.get("subsystem"))}
    signed = [str(facts.get("signed_on")) for facts in acceptances if facts.get("signed_on")]
    accepted = contract.get("accepted_on")
    if signed and not accepted:
        yield "`accepted_on` is missing, from which the warranty runs", {}
    elif signed and accepted < max(signed):
        yield "the warranty runs from {accepted}, and the last test was signed on {signed}", {
            "accepted": accepted, "signed": max(signed),
        }  # fmt: skip
    for audience in ("users", "operators", "maintainers"):
        if all(one.get("audience") != audience for _, one in trainings):
            yield _UNTAUGHT[audience], {}
    for asset in assets:
        lacking = [name for name in ("serial_number", "version", "installed_on") if not asset.get(name)]
        if lacking:
            yield "`{id}` does not say {fields}", {"id": asset.id, "fields": ", ".join(lacking)}


_UNTAUGHT = {
    "users": "no training for users was held",
    "operators": "no training for operators was held",
    "maintainers": "no training for maintainers was held",
}


def pack_text(desk: Desk, pack: Pack, language: str, today: str) -> str:
    """Return the pack as one Markdown document, to be printed or sent."""

    def tell(text: str, **params: str) -> str:
        return say("cli", text, language, **params)

    contract = pack.contract
    customer = desk.get("customer", contract.get("customer", default=""))
    title = _named(contract, language)
    lines = [f"# {tell('Hand-over pack')}: {title}", ""]
    lines += [
        f"- {tell('customer')}: {_named(customer, language) if customer else contract.get('customer')}",
        f"- {tell('project')}: {_cell(contract.get('project'))}",
        f"- {tell('contract number')}: {_cell(contract.get('contract_number'))}",
        f"- {tell('signed on')}: {_cell(contract.get('signed_on'))}",
        f"- {tell('accepted on')}: {_cell(contract.get('accepted_on'))}",
        f"- {tell('made on')}: {today}",
        "",
    ]
    papers = [[("☑" if paper.there else "☐"), paper.name, paper.there or tell("missing")] for paper in pack.papers]
    lines += _section(tell("Documents"), ["", tell("document"), tell("handed over")], papers)
    lines += _section(
        tell("Acceptance tests"),
        [tell("subsystem"), tell("figure"), tell("should be"), tell("found"), tell("in order"), tell("signed off")],
        [row for facts in pack.acceptances for row in _figures(facts)],
    )
    lines += _section(
        tell("Training"),
        [tell("when"), tell("for whom"), tell("topics"), tell("trainers"), tell("there")],
        [_training(one, language) for _, one in pack.trainings],
    )
    lines += _section(
        tell("Equipment and software"),
        ["", tell("title"), tell("manufacturer and model"), tell("serial number"), tell("version"), tell("warranty")],
        [_asset(asset, language) for asset in pack.assets],
    )
    lines += [f"## {tell('Still missing')}", ""]
    lines += [f"- {tell(text, **values)}" for text, values in pack.missing] or [tell("nothing")]
    return "\n".join([*lines, ""])


def _section(title: str, heads: list[str], rows: list[list[str]]) -> list[str]:
    if not rows:
        return []
    table = ["| " + " | ".join(_cell(cell) for cell in row) + " |" for row in (heads, *rows)]
    return [f"## {title}", "", table[0], "|" + " --- |" * len(heads), *table[1:], ""]


def _figures(facts: Facts) -> Iterator[list[str]]:
    signed = f"{facts.get('signed_on', default='')} {facts.get('signed_by_customer', default='')}".strip()
    for figure in facts.get("figures", default=()):
        mark = {True: "✓", False: "✗"}.get(figure.get("ok"), "")
        yield [
            str(facts.get("subsystem")), str(figure.get("name")), str(figure.get("due")),
            str(figure.get("found") or ""), mark, signed,
        ]  # fmt: skip


def _training(one: dict[str, Any], language: str) -> list[str]:
    return [
        str(one.get("held_on")), say("values", str(one.get("audience")), language),
        ", ".join(one.get("topics", ())), ", ".join(one.get("trainers", ())), ", ".join(one.get("attendees", ())),
    ]  # fmt: skip


def _asset(asset: Facts, language: str) -> list[str]:
    warranty = asset.get("warranty", default={})
    return [
        asset.id, _named(asset, language), f"{asset.get('manufacturer', default='')} {asset.get('model', default='')}",
        str(asset.get("serial_number", default="")), str(asset.get("version", default="")),
        f"{warranty.get('start', '')} – {warranty.get('end', '')}" if warranty else "",
    ]  # fmt: skip


def _named(facts: Facts, language: str) -> str:
    chinese = facts.get("title_zh") if language == "zh" else None
    return plain(chinese if isinstance(chinese, str) else facts.title)


def _cell(value: Any) -> str:
    return plain(str(value or "")).replace("|", "\\|")
