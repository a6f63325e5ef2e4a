"""What our words, shapes and figures mean, for people who read a desk's pages for the first time."""

from __future__ import annotations

from collections.abc import Iterator

from servicebook.publish.elements import facts, status
from servicebook.publish.view import View
from servicebook.records.audiences import is_outer

WORDS = (
    ("Incident", "Something that works badly or not at all, and is to work again soon."),
    ("Service request", "Something that is asked for and is no fault: access, a new channel, advice."),
    ("Problem", "The cause behind incidents that have come or may come again."),
    ("Known error", "A problem whose cause or workaround is known, and which is not fixed yet."),
    ("Workaround", "What helps until the cause is gone."),
    ("Change", "Work on a service that is planned, weighed and approved before it is done."),
    ("Release", "New versions that are brought out together."),
    ("Major incident", "An incident so grave that everything else waits and customers are told as it goes."),
    ("Fault grade", "How badly a service is hit, by the words of the contract; the times promised follow from it."),
    ("Priority", "What comes first, from how many are hit and how soon it must be mended: P1 before P4."),
    ("Response", "From the report until somebody works on it and says so."),
    ("Restore", "From the report until the service works again, by a workaround if need be."),
    ("On hold", "The desk waits for somebody else; clocks that the agreement lets pause stand still."),
    ("Agreement", "What was promised to whom: hours, times, and how they are counted."),
    ("Freeze", "A time in which nothing is changed, such as a gala."),
    ("Clock", "The time that a promise takes, counted in the hours of the agreement."),
)
"""Words of the field (ITIL 4, and the contract's) as English labels, each with what it means."""

SHAPES = (
    ("ok", "Working, approved", "As it should be."),
    ("warn", "Degraded, submitted, late", "Somebody should look at it; it is not down."),
    ("bad", "Severe fault", "The service is down, or as good as down."),
    ("plan", "In maintenance, in implementation", "Work that was announced is being done."),
    ("run", "Open, running", "Somebody works on it; a clock runs."),
    ("pause", "On hold, paused", "It waits for somebody else; the clock stands still."),
    ("met", "Closed, met", "Done, in time."),
    ("miss", "Missed, rejected", "Done too late, not done, or refused."),
    ("off", "Draft, not started", "Nothing has begun, or it was called off."),
    ("gone", "No roster", "Nothing is known."),
    ("lock", "Freeze", "Nothing may be changed."),
)
"""Shapes, the words they stand before, and what they say."""

FIGURES = (
    ("Promises this month", "How many clocks of the tickets reported this month ended in time, of all that ended."),
    ("Time left", "By the wall clock from now to the due time that is printed beside it; nights may lie between."),
    ("Open incidents", "Incidents on which work is still due."),
    ("Counts that are missing", "Figures below 3 are not shown outside the house: they would tell of single cases."),
    ("As of", "The instant and the commit the site was made from. Everything on its pages is as it stood then."),
)
"""Figures of the pages, as English labels, each with how it is counted."""


def glossary_sections(view: View) -> Iterator[str]:
    """Yield the sections that explain the site: words, shapes, figures."""
    say = view.labels.say
    yield view.section("What the words mean", facts([(say(word), say(told)) for word, told in WORDS], "terms"))
    hidden = ("gone",) if is_outer(view.desk.audience) else ()  # rosters are the house's own
    shapes = [(status(tone, say(word), "long"), say(told)) for tone, word, told in SHAPES if tone not in hidden]
    yield view.section("What the shapes mean", facts(shapes, "terms"))
    yield view.section("What the figures mean", facts([(say(word), say(told)) for word, told in FIGURES], "terms"))
