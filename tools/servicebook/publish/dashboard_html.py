"""The dashboard: each figure as a drawing and a table, how it is counted, and the way to the tickets behind it."""

from __future__ import annotations

from collections.abc import Sequence

from servicebook.publish import charts
from servicebook.publish.addresses import href
from servicebook.publish.charts import Words, short
from servicebook.publish.elements import NO_BREAK, facts, fold, table_of
from servicebook.publish.gathering import Gathering
from servicebook.publish.month_grid import WEEKDAYS
from servicebook.records.audiences import is_outer
from servicebook.reports import figures
from servicebook.reports.figures import BANDS, FORMULAS, PRIORITIES, Count, Taken
from servicebook.reports.satisfaction import Figures as Voices
from servicebook.reports.satisfaction import figures as voices_by
from servicebook.reports.satisfaction import voices_of
from servicebook.reports.work_figures import WORKED_ON

MOST_CLOCKS = 6


def dashboard(desk: Gathering, address: str) -> str:
    """Return the figures of the last twelve months; for the house alone, since others see a part of the tickets."""
    view = desk.view
    if is_outer(view.desk.audience):
        return f"<p>{view.labels.say('These figures are for the organisation itself.')}</p>\n"
    return _Dashboard(desk, address).html()


class _Dashboard:
    """One page of figures."""

    def __init__(self, desk: Gathering, address: str) -> None:
        self._view = view = desk.view
        self._address = address
        self._months = desk.outcomes.months
        self._figures = found = desk.outcomes.all
        self._present = {one.month for one in found if one.clocks or one.acknowledged.n or one.held.whole}
        self._spoken = view.labels.say
        self._held = [one.held for one in found]
        self._reopened = [one.reopened for one in found]
        self._voices = self._voices_by_month()
        self._open = list(view.open_of_kind(*WORKED_ON))
        self._backlog = figures.backlog(self._open, view.now, view.priority_of)

    def html(self) -> str:
        """Return the page."""
        left = self._attainment() + self._rhythm() + self._share("Changes that held", "held", self._held, others=True)
        right = (
            self._spread("Time to acknowledge", "ack", [one.acknowledged for one in self._figures], "Minutes")
            + self._spread("Time to restore", "restore", [one.restored for one in self._figures], "Hours")
            + self._ages()
            + self._share("Reopened", "reopened", self._reopened)
            + self._satisfaction()
        )
        return f'{self._strip()}<div class="figs">\n<div>\n{left}</div>\n<div>\n{right}</div>\n</div>\n'

    # --- one figure after the other

    def _strip(self) -> str:
        held, again = figures.added(self._held), figures.added(self._reopened)
        old = sum(len(ids) for ids in self._backlog[BANDS[-1][1]].values())
        still = f'<a href="{href(self._address, "tickets.html")}#incident">{len(self._open)}</a>'
        still += f" · {self._spoken('{count} older than 90 days', count=old)}"
        told = [
            (self._spoken("Changes that held"), self._of(held)),
            (self._spoken("Reopened"), self._of(again)),
            (self._spoken("Open incidents and requests"), still),
        ]
        return facts(told, "strip")

    def _of(self, share: Count) -> str:
        """Return a share as it is read: 17 of 18 · 94.4 %."""
        if share.percent is None:
            return "–"
        words = self._spoken("{part} of {whole}", part=share.part, whole=share.whole)
        return f"{words} · {_percent(share.percent)}"

    def _attainment(self) -> str:
        clocks = figures.clocks_in(self._figures)[:MOST_CLOCKS]
        found = {clock: [one.clocks.get(clock, Count(0, 0)) for one in self._figures] for clock in clocks}
        drawn = list(found)[: charts.MOST_LINES]
        values = [[one.percent for one in found[clock]] for clock in drawn]
        axis = charts.axis_of_percent([one for line in values for one in line])
        words = self._words("attainment", "Attainment", drawn, values)
        name = self._view.labels.value
        key = charts.key([(f"c{number}", name(clock)) for number, clock in enumerate(drawn, 1)])
        heads, looks = [self._spoken("Month")], ["f"]
        for clock in found:
            heads += [name(clock), "%"]
            looks += ["n", "n"]
        rows = [
            [self._month(month)] + [
                cell
                for clock in found
                for cell in _cells(found[clock][n])
            ]
            for n, month in enumerate(self._months)
        ]  # fmt: skip
        note = self._spoken("The axis begins at {low}.", low=f"{axis.low:g}") + " " + self._behind("missed")
        drawing = key + charts.lines(words, self._months, values, axis, wide=True) if found else ""
        return self._figure("Attainment", "attainment", drawing, table_of(heads, looks, rows), note, "full")

    def _spread(self, title: str, key: str, found: list[Taken], unit: str) -> str:
        values = [[one.median for one in found], [one.ninth for one in found]]
        axis = charts.axis_from_zero([one for line in values for one in line])
        names = [self._spoken("Median"), self._spoken("90th percentile")]
        words = self._words(key, title, [self._view.labels.text(one) for one in ("Median", "90th percentile")], values)
        rows = [
            [self._month(month), _number(one.median), _number(one.ninth), str(one.n)]
            for month, one in zip(self._months, found, strict=True)
        ]
        heads = [self._spoken("Month"), *(f"{name} · {self._spoken(unit)}" for name in names), "n"]
        drawing = charts.key([("c1", names[0]), ("c2", names[1])])
        drawing += charts.lines(words, self._months, values, axis, wide=False)
        table = table_of(heads, ["f", "n", "n", "n"], rows)
        return self._figure(title, key, drawing if any(one.n for one in found) else "", table)

    def _share(self, title: str, key: str, found: list[Count], others: bool = False) -> str:
        """Return a share by month. others: it is of what went well, and what did not is told case by case."""
        values = [[one.percent for one in found]]
        axis = charts.axis_of_percent(values[0]) if others else charts.axis_from_zero(values[0])
        words = self._words(key, title, [self._view.labels.text(title)], values)
        rows = [[self._month(month), *_cells(one)] for month, one in zip(self._months, found, strict=True)]
        table = table_of([self._spoken("Month"), "n", "%"], ["f", "n", "n"], rows)
        drawing = charts.lines(words, self._months, values, axis, wide=others) if figures.added(found).whole else ""
        return self._figure(title, key, drawing, table, self._behind(key), "full" if others else "")

    def _rhythm(self) -> str:
        together = [sum(hours) for hours in zip(*(one.rhythm for one in self._figures), strict=True)]
        counts = [together[24 * day : 24 * day + 24] for day in range(7)]
        most = max(map(max, counts))
        labels = self._view.labels
        days = [self._spoken(day).replace("span", "tspan") for day in WEEKDAYS]
        text = labels.text("{count} incidents; the most in one hour: {most}.", count=sum(map(sum, counts)), most=most)
        words = Words("rhythm", labels.text("When incidents come"), text)
        marks = [("h0", self._spoken("none"))]
        steps = charts.steps_of(most)
        for number, (shade, least) in enumerate(steps):
            greatest = steps[number + 1][1] - 1 if number + 1 < len(steps) else most
            marks.append((f"h{shade}", str(least) if least == greatest else f"{least}–{greatest}"))
        heads = [self._spoken("Weekday"), *(f"{hour:02d}" for hour in range(24)), self._spoken("Together")]
        rows = [[self._spoken(day), *map(str, row), str(sum(row))] for day, row in zip(WEEKDAYS, counts, strict=True)]
        drawing = charts.key(marks) + charts.heat(words, list(zip(days, counts, strict=True)))
        table = table_of(heads, ["f", *[""] * 24, "n"], rows)
        note = f"{self._months[0]} – {self._months[-1]} · {self._way('archive.html', self._spoken('Archive'))}"
        return self._figure("When incidents come", "rhythm", drawing if most else "", table, note, "full")

    def _ages(self) -> str:
        names = [one for one in PRIORITIES if one or any(row[""] for row in self._backlog.values())]
        rows = [(band, [len(row[one]) for one in names]) for band, row in self._backlog.items()]
        labels = self._view.labels
        together = "; ".join(f"{band}: {sum(counts)}" for band, counts in rows)
        words = Words("backlog", labels.text("Backlog by age"), together)
        shown = [one or self._spoken("without") for one in names]
        drawing = charts.key([(f"s{number}", name) for number, name in enumerate(shown, 1)]) + charts.bars(words, rows)
        cells = [[band, *map(str, counts), str(sum(counts))] for band, counts in rows]
        heads = [self._spoken("Days"), *shown, self._spoken("Together")]
        table = table_of(heads, ["f", *["n"] * (len(names) + 1)], cells)
        note = f"{self._way('tickets.html', self._spoken('Open tickets'))} · {self._behind('oldest')}"
        return self._figure("Backlog by age", "backlog", drawing if self._open else "", table, note)

    def _voices_by_month(self) -> list[Voices]:
        view = self._view
        voices = [one for one in voices_of(view) if one.day[:7] in self._months]
        below, fewest = view.settings.low_score, view.settings.fewest_answers
        return voices_by(voices, "month", below=below, fewest=fewest)

    def _satisfaction(self) -> str:
        by_month = {row.name: row for row in self._voices}
        values = [[by_month[one].csat if one in by_month else None for one in self._months]]
        words = self._words("voice", "Satisfaction", [self._view.labels.text("Satisfaction")], values)
        rows = [
            [row.name, f"{row.answered} / {row.asked}", _number(row.csat), _number(row.mean)] for row in self._voices
        ]
        heads = [self._spoken("Month"), self._spoken("Answered / asked"), "%", self._spoken("Mean of 5")]
        axis = charts.axis_of_percent(values[0])
        drawing = charts.lines(words, self._months, values, axis, wide=False)
        shown = any(one is not None for one in values[0])
        table = table_of(heads, ["f", "n", "n", "n"], rows)
        surveys = self._way("search.html", self._view.labels.kinds("survey"), "?kind=survey")
        note = f"{self._spoken('The axis begins at {low}.', low=f'{axis.low:g}')} {surveys}"
        return self._figure("Satisfaction", "voice", drawing if shown else "", table, note if shown else "")

    # --- pieces

    def _figure(self, title: str, key: str, drawing: str, table: str, note: str = "", classes: str = "") -> str:
        """Return a figure: title, formula, drawing, and its table folded away; a word where nothing was counted."""
        say = self._spoken
        body = drawing or f"<p>{say('Nothing was counted in these months.')}</p>\n"
        below = fold(f"{say(title)}{say(': as a table')}", table) if drawing else ""
        return (
            f'<figure class="fig{f" {classes}" if classes else ""}" aria-labelledby="{key}">\n<figcaption>'
            f'<h2 id="{key}">{say(title)}</h2>\n<p class="meta">{say(FORMULAS[title])} {note}</p></figcaption>\n'
            f"{body}{below}</figure>\n"
        )

    def _words(self, key: str, title: str, names: Sequence[str], values: Sequence[Sequence[float | None]]) -> Words:
        """Return what a drawing of lines says: each line's first and last figure."""
        labels, told = self._view.labels, []
        for name, line in zip(names, values, strict=True):
            shown = [(month, value) for month, value in zip(self._months, line, strict=True) if value is not None]
            if shown:
                (start, first), (end, last) = shown[0], shown[-1]
                told.append(labels.text(
                    "{name}: {first} in {start}, {last} in {end}.",
                    name=labels.value_text(name), first=short(first), start=start, last=short(last), end=end,
                ))  # fmt: skip
        return Words(key, labels.text(title), " ".join(told))

    def _behind(self, anchor: str) -> str:
        """Return the way to the cases that a figure tells of."""
        return self._way("cases.html", self._spoken("Case by case"), f"#{anchor}")

    def _way(self, target: str, words: str, place: str = "") -> str:
        return f'<a class="nw" href="{href(self._address, target)}{place}">{words}</a>'

    def _month(self, month: str) -> str:
        """Return a month as the way to its tickets, where it has any."""
        return (
            f'<a href="{href(self._address, f"tickets/{month}.html")}">{month}</a>' if month in self._present else month
        )


def _cells(share: Count) -> tuple[str, str]:
    """Return a share as two cells of a table: 36 / 41 and 87.8."""
    return f"{share.part} / {share.whole}", _number(share.percent)


def _number(value: float | None) -> str:
    return "–" if value is None else short(value)


def _percent(value: float) -> str:
    return f"{short(value)}{NO_BREAK}%"
