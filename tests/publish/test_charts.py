"""Charts: small drawings without styles or scripts, gaps kept, figures printed where they do not overlap."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from servicebook.publish import charts
from servicebook.publish.charts import Axis, Words

WORDS = Words("k", "Title <b>", 'What it "says"')
BARS = """\
<svg class="ch" viewBox="0 0 360 74" role="img" aria-labelledby="k-t k-d"><title id="k-t">Title &lt;b&gt;</title>\
<desc id="k-d">What it &quot;says&quot;</desc>
<text class="e" x="58" y="23">0–1</text>
<rect class="s1" x="66.0" y="6" width="61.0" height="24"/>
<rect class="s3" x="128.5" y="6" width="186.0" height="24"/>
<text class="v" x="324.0" y="23">4</text>
<text class="e" x="58" y="57">&gt; 90</text>
<text class="v" x="74.0" y="57">0</text>
</svg>
"""


def test_bars_as_they_are_drawn() -> None:
    assert charts.bars(WORDS, [("0–1", [1, 0, 3]), ("> 90", [0, 0, 0])]) == BARS


def test_a_month_without_a_figure_is_a_gap_and_a_lone_one_a_mark() -> None:
    months = [f"2026-0{n}" for n in range(1, 7)]
    svg = charts.lines(WORDS, months, [[50, 60, None, 70, None, None]], Axis(0, 100, 50), wide=False)
    path = re.search(r'class="ln c1" d="([^"]*)"', svg)
    assert path and path[1] == "M40.0 84.0L94.4 70.8M203.2 57.6"
    assert svg.count("<circle") == 1
    assert ">70</text>" in svg


def test_nothing_is_drawn_of_nothing() -> None:
    svg = charts.lines(WORDS, ["2026-01"], [[None], []], charts.axis_from_zero([]), wide=True)
    assert 'class="ln' not in svg
    assert charts.shade_of(0, 0) == 0
    assert charts.steps_of(0) == []


@given(st.lists(st.floats(0, 1e6), min_size=1))
def test_an_axis_holds_all_values_with_few_steps(values: list[float]) -> None:
    axis = charts.axis_from_zero(values)
    assert max(values) <= axis.high * 1.000001
    assert 1 <= round(axis.high / axis.step) <= 6
    percents = [value % 100 for value in values]
    assert charts.axis_of_percent(percents).low <= min(percents)


@given(st.lists(st.tuples(st.floats(14, 280), st.just(640.0), st.just("1")), max_size=3))
def test_figures_at_the_ends_do_not_lie_on_one_another(ends: list[tuple[float, float, str]]) -> None:
    places = sorted(float(y) for y in re.findall(r' y="([^"]*)"', "".join(charts._end_labels(ends, 20))))
    assert all(below - above >= 19.8 for above, below in pairwise(places))


@given(st.integers(1, 60))
def test_every_count_lies_in_the_step_that_the_key_names(most: int) -> None:
    steps = charts.steps_of(most)
    for count in range(1, most + 1):
        assert charts.shade_of(count, most) == max(shade for shade, least in steps if least <= count)


def test_drawings_are_well_formed_and_carry_no_style() -> None:
    rows = [("<tspan>Mon</tspan>", [0, 3] * 12)]
    drawings = [
        charts.heat(WORDS, rows),
        charts.lines(WORDS, ["2026-01", "2026-02"], [[1, 2], [2, 1], [3, 3]], Axis(0, 4, 1), wide=True),
    ]
    for svg in drawings:
        ET.fromstring(svg.replace("class=thin", 'class="thin"').replace("class=x", 'class="x"'))
        assert "style" not in svg and "script" not in svg
