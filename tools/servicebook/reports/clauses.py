"""The clauses of the service plan that Servicebook keeps: by what each is enforced, and where it is shown."""

from __future__ import annotations

from typing import NamedTuple


class Clause(NamedTuple):
    """One promise of the service plan.

    name: as the plan numbers it, with a word where one number holds several promises; `also`: further numbers of it.
    promise, missing: English, a key of the catalogue's area `clauses`; `missing` is what no part of the program
    keeps yet, empty when everything is kept. kinds: records it lives in. rules: codes. clocks: names in agreements.
    commands: names. pages: paths below kb/ without `.md`.
    """

    name: str
    promise: str
    also: str = ""
    kinds: tuple[str, ...] = ()
    rules: tuple[str, ...] = ()
    clocks: tuple[str, ...] = ()
    commands: tuple[str, ...] = ()
    pages: tuple[str, ...] = ()
    missing: str = ""


def name_of_tests(clause: Clause) -> str:
    """Return what the names of a clause's tests begin with: `test_clause_1_2_2_steps_1_2`."""
    words = "".join(letter if letter.isalnum() else " " for letter in clause.name.lower()).split()
    return "_".join(("test_clause", *words))


CLAUSES = (
    Clause(
        "1.1-1", "Three years of warranty, each scope with its own start and term; what is covered costs nothing",
        also="1.3.5, 1.6", kinds=("contract", "asset", "incident"), rules=("REF523", "REC311", "DSK852"),
        commands=("cover", "show"), pages=("guide/contracts",),
    ),
    Clause(
        "1.1-2", "An answer within 30 minutes of the customer's notice",
        kinds=("agreement", "incident", "service_request"), rules=("WFL412",), clocks=("response",),
        commands=("ack", "sla", "next"), pages=("guide/clocks",),
    ),
    Clause(
        "1.6", "Every subsystem is tested against its design figures; the signed acceptance starts the warranty",
        kinds=("acceptance", "contract"), rules=("REC296", "REC297", "REC298", "REF575"), commands=("handover",),
    ),
    Clause(
        "1.1-3", "Training for users, operators and maintainers; all papers are handed over",
        also="1.6", kinds=("service_request", "contract", "acceptance"), rules=("REC299",), commands=("handover",),
    ),
    Clause(
        "1.1-4", "One service desk: hotline, e-mail, fax and the mobile of the engineer on call",
        kinds=("incident", "service_request", "service"), pages=("services", "guide/intake"), commands=("new",),
    ),
    Clause(
        "1.1-5", "Travel and personalised work are charged after agreement, never above the price that was bid",
        also="1.1-6, 1.3.5", kinds=("contract", "part", "incident", "service_request", "visit"),
        rules=("REC287", "REC311", "REC312", "REC313", "REC314", "REC315", "REF573", "REF574", "REF606"),
        commands=("consent", "book", "cover", "costs", "renewals", "next"), pages=("guide/contracts", "contracts"),
    ),
    Clause(
        "1.3.5 rate card", "What a person-day of each role costs", kinds=("contract",), rules=("REF572", "REC263"),
        commands=("book", "costs"), pages=("guide/contracts",),
    ),
    Clause(
        "1.2.1", "Seven categories, each answered within 30 minutes at any hour", also="1.3.5",
        kinds=("incident", "service_request"), rules=("REC255",), clocks=("response",), commands=("new",),
    ),
    Clause(
        "1.2.2 steps 1-2", "The call is written down in full, and the platform's history is looked up at once",
        kinds=("incident",), rules=("REC256", "REC260", "WFL410"), commands=("new", "history", "link"),
        pages=("guide/intake",),
    ),
    Clause(
        "1.2.2 steps 2-8", "An emergency plan, the customer's consent and the director's approval come before dispatch",
        kinds=("incident",), clocks=("plan-confirmed",),
        rules=(
            "WFL421", "WFL422", "WFL423", "WFL424", "WFL425", "WFL426", "WFL427", "REF543", "REF544", "REF547",
            "HIS920", "REC262",
        ),
        commands=("emergency", "consent", "approve", "confirm", "depart", "arrive", "leave", "tell", "messages"),
        pages=("guide/intake",),
    ),
    Clause(
        "1.2.2 special 1-3", "Nobody free, a wrong skill or too hard a fault reaches whom the plan names",
        kinds=("incident", "person"), rules=("REF546", "REF548"), commands=("escalate", "messages"),
        pages=("guide/intake", "guide/settings"),
    ),
    Clause(
        "1.2.3", "Proactive service: who is due, the customer asked days ahead, the visit agreed and recalled",
        kinds=("visit",), rules=("REC315", "REF593"), clocks=("contact", "reminder"),
        commands=("plan", "consent", "depart", "arrive"),
        pages=("guide/inspections",),
    ),
    Clause(
        "1.3.1 handling report", "A report of the fault, its cause, the method and the loss within 24 hours",
        kinds=("incident",), rules=("WFL428",), clocks=("report",), commands=("report",), pages=("guide/intake",),
    ),
    Clause(
        "1.3.1 customer file", "A file for each customer, visits, surveys by somebody else, and a health record",
        kinds=("customer", "visit", "survey"),
        rules=("REC301", "REC302", "REC303", "REF601", "REF602", "REF603", "DSK861"),
        commands=("survey", "satisfaction", "team", "health", "next"), pages=("guide/voice", "guide/contracts"),
    ),
    Clause(
        "1.3.2", "Remote support within an hour, together with the customer's staff",
        kinds=("incident",), rules=("WFL460",), clocks=("remote",), commands=("note", "sla"), pages=("guide/clocks",),
    ),
    Clause(
        "1.3.3", "On site by grade and distance; a spare part is sent and arrives in time",
        kinds=("site", "incident"), rules=("SLA608", "SLA634"),
        clocks=("onsite-severe", "onsite-equipment", "spare-shipped", "spare-arrived"), commands=("sla",),
        pages=("guide/clocks",),
    ),
    Clause(
        "1.3.3 parts store", "Every movement of goods is recorded; the store holds every model supplied",
        also="1.5.7-F", kinds=("part", "supplier", "asset"),
        rules=("REC281", "REC282", "REC283", "REC284", "REC285", "REC288", "REF571", "DSK851", "DSK803"),
        commands=("part",), pages=("guide/parts", "parts"),
    ),
    Clause(
        "1.3.4", "Every call is recorded, classified and routed; the fault's grade sets the targets",
        kinds=("incident", "team"), rules=("REC261", "WFL457", "SLA615"), clocks=("response", "onsite-severe"),
        commands=("new", "assign", "list"), pages=("guide/tickets", "guide/settings"),
    ),
    Clause(
        "1.4", "Who needs what, when and how; contacts outside the line need leave and are reported",
        kinds=("communication_plan", "incident"), rules=("REC332", "REC333"),
        commands=("stakeholders", "messages", "coordinate", "next"), pages=("guide/communication",),
    ),
    Clause(
        "1.5", "A catalog of services with agreed levels", kinds=("service", "agreement"),
        rules=("REF522", "REF524", "SLA614", "SLA615"), commands=("sla",), pages=("services",),
    ),
    Clause(
        "1.5.2", "Procedures for every process, capacity, continuity and availability among them",
        kinds=("article", "service", "inspection_plan", "inspection"), rules=("REF585", "REC331"),
        commands=("drift", "report", "next"),
        pages=("articles", "services", "guide/configuration", "guide/communication"),
    ),
    Clause(
        "1.5.1", "Tasks are scheduled centrally, and enough skilled people are on duty",
        also="1.3.1", kinds=("roster", "team"), rules=(
            "DSK858", "DSK859", "REC265", "REC266", "REF591", "REF592",
        ),
        commands=("roster", "who", "next"), pages=("guide/people",),
    ),
    Clause(
        "1.5.3", "Plan, do, check, act: what is to be improved has an owner and a date",
        kinds=("improvement", "report"), rules=("REC264",), commands=("done", "next"), pages=("guide/voice",),
    ),
    Clause(
        "1.5.4", "Staff by speciality and role", kinds=("person", "team"), rules=("REF533", "REF592", "REF593"),
        commands=("skills",), pages=("guide/people",),
    ),
    Clause(
        "1.5.5-1", "Urgent things by phone first and in writing after; weekly and monthly reports and meetings",
        kinds=("report", "meeting", "communication_plan"), rules=(
            "HIS901", "REC334", "REC335", "REC336", "REC337", "REC338", "REF604", "REF605", "REF609", "DSK862",
        ),
        commands=("report", "done", "next"), pages=("guide/communication",),
    ),
    Clause(
        "1.5.5-2", "Routine inspection of systems, applications, data, safety, backup and cleaning",
        also="1.5.5-3, 1.5.5-4, 1.5.5-5, 1.5.5-6", kinds=("inspection_plan", "inspection"),
        rules=(
            "REC291", "REC292", "REC293", "REC294", "REF561", "REF562", "REF563", "REF564", "REF565", "REF566",
            "DSK841",
        ),
        commands=("plan", "start", "tick", "raise", "signoff", "readings", "next"), pages=("guide/inspections",),
    ),
    Clause(
        "1.5.6 incident", "Every event is managed until it is solved; what takes too long is escalated",
        kinds=("incident",), rules=("WFL401", "WFL403", "WFL404", "WFL429"),
        commands=("escalate", "sla", "next", "messages"),
        clocks=("restore",), pages=("guide/tickets",),
    ),
    Clause(
        "1.5.6 problem", "Every closed incident is looked at for its root; a known error is removed by a change",
        kinds=("problem", "known_error"), rules=("REC254", "REC267", "REF525", "REF527", "REF528", "REF581", "REF582"),
        commands=("close", "cure", "link", "next"), pages=("known-errors", "guide/configuration"),
    ),
    Clause(
        "1.5.6 change", "Every change is approved by those who must, for technique and for business",
        kinds=("change", "board"), rules=(
            "WFL409", "WFL434", "WFL436", "WFL437", "WFL439", "HIS908", "HIS909", "HIS917", "DSK812", "DSK831",
            "REF541",
        ),
        commands=("submit", "approve", "reject", "board", "verify", "evidence", "impact", "close"),
        pages=("guide/approvals", "guide/configuration"),
    ),
    Clause(
        "1.5.6 release", "Releases are designed, built, tested and distributed; nothing is deployed untested",
        kinds=("release",), rules=("REF526", "REF534", "REF584", "WFL403", "WFL431", "WFL432", "WFL433", "WFL438"),
        commands=("build", "test", "pass", "deploy"), pages=("guide/configuration",),
    ),
    Clause(
        "1.5.6 configuration", "Versions and relations of every item are true after each change",
        kinds=("asset", "change"), rules=("DSK803", "DSK807", "WFL435", "REF583"),
        commands=("impact", "drift", "close", "activate", "stock", "repair", "retire"), pages=("guide/configuration",),
    ),
    Clause(
        "1.5.6 records", "The records of all processes are one knowledge base; every link is shown from both ends",
        commands=("show", "grep", "list", "link", "site"), rules=("REF501", "REF506"),
        pages=("search", "known-errors", "articles"),
    ),
    Clause(
        "1.5.7-A", "A project's costs are booked completely and in time", kinds=("incident", "contract"),
        rules=("REF572", "REF573"), commands=("book", "costs"), pages=("guide/contracts",),
    ),
    Clause(
        "1.5.7-C", "Transport and passes for the engineers who go", also="1.5.7-D", kinds=("incident", "visit", "site"),
        rules=("REF545",), commands=("depart",), pages=("guide/intake",),
    ),
    Clause(
        "practice", "What practice asks beyond the plan: runbooks, suppliers' clocks, protected broadcasts, waivers",
        kinds=("article", "supplier", "customer", "change", "person"),
        rules=("DSK891", "REF542", "REC256", "REC339", "REC340", "REC341", "REF607", "REF608"),
        commands=("waivers", "audit", "part", "pause", "sla", "impact", "contacts"),
        pages=("guide/configuration", "guide/people", "guide/clocks"),
    ),
)  # fmt: skip
"""In the order of the service plan."""
