"""Words and short texts of a desk's own stand in both languages where the desk says what they are in Chinese."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

from servicebook.publish.site import build_site

SETTINGS = """\
[tool.servicebook]
name = "Test desk"
timezone = "Asia/Shanghai"
languages = ["en", "zh"]
as_of = "2026-04-20T09:00:00+08:00"
ask_by = ["24 h <hotline>", "front desk"]
"""
NAMES = """
[tool.servicebook.words_zh]
"24 h <hotline>" = "24 小时<热线>"
"web form" = "网页表单"
"the gala runs live" = "晚会直播"
parts-on-site = "备件到场"
"""
FILES = {
    "mkdocs.yml": "site_name: Test desk\ndocs_dir: kb\ntheme: servicebook\nplugins: [servicebook]\n",
    "kb/index.md": "# Test desk\n",
    "kb/ask.md": "---\nlist: ask\n---\n\n# How to ask\n",
    "kb/services/streaming.md": """\
---
schema: service/1
id: streaming
title: Streaming
status: active
request_channels: [web form, at the door]
---
""",
    "kb/agreements/gold.md": """\
---
schema: agreement/1
id: gold
title: Gold
status: active
agreement_type: sla
versions:
- version: 1
  effective_from: 2026-01-01
  support_hours: always
  clocks:
  - name: parts-on-site
    start: opened
    stop: [resolved]
    within: 4h
---
""",
    "kb/boards/cab.md": """\
---
schema: board/1
id: cab
title: Board
status: active
board_type: cab
freeze_windows:
- {name: gala, reason: the gala runs live, start_at: 2026-05-31T18:00:00+08:00, end_at: 2026-06-01T02:00:00+08:00}
---
""",
}


def _said(text: str, name: str) -> str:
    return f'<span class="l" lang="en">{text}</span><span class="l" lang="zh-Hans">{name}</span>'


def test_own_words_and_texts_are_said_in_both_languages(make_repo: Callable[..., Any], tmp_path: Path) -> None:
    repo = make_repo("desk", {**FILES, "pyproject.toml": SETTINGS})

    def pages() -> dict[str, str]:
        build_site(str(repo.root))
        names = ("ask", "services/streaming", "agreements/gold", "changes", "boards/cab")
        return {name: (repo.root / "site" / f"{name}.html").read_text("utf-8") for name in names}

    before = pages()
    assert "24 h &lt;hotline&gt;" in before["ask"] and "热线" not in before["ask"]
    assert "Parts on site" in before["agreements/gold"]
    (repo.root / "pyproject.toml").write_text(SETTINGS + NAMES, "utf-8")
    after = pages()
    assert _said("24 h &lt;hotline&gt;", "24 小时&lt;热线&gt;") in after["ask"] and "front desk" in after["ask"]
    assert _said("web form", "网页表单") in after["services/streaming"]
    assert not re.search("[\u4e00-\u9fff]", after["services/streaming"].partition("at the door")[2][:20])
    assert _said("Parts on site", "备件到场") in after["agreements/gold"]
    assert _said("the gala runs live", "晚会直播") in after["changes"]
    assert _said("the gala runs live", "晚会直播") in after["boards/cab"]
    (repo.root / "pyproject.toml").write_text(SETTINGS, "utf-8")
    assert pages() == before
