"""A real Chromium, and the site of the worked examples that it opens from the disk."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.conftest import plain_environment
from tests.worked_examples import placed_examples

from servicebook.publish.site import build_site
from servicebook.records.kinds import BY_NAME, path_of

REQUIRED = os.environ.get("SERVICEBOOK_BROWSER") == "required"
"""Whether a missing browser is a failure; .ci/run says so. Read here, since each test starts without our settings."""

CHROMIUM, DRIVER = "/usr/bin/chromium", "/usr/bin/chromedriver"
FLAGS = (
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync",
    "--disable-background-networking", "--disable-component-update", "--force-prefers-reduced-motion",
)  # fmt: skip
MKDOCS = """\
site_name: Test desk
docs_dir: kb
theme: servicebook
plugins: [servicebook]
markdown_extensions:
- admonition
- attr_list
- def_list
- footnotes
- toc: {permalink: "#"}
- pymdownx.details
- pymdownx.highlight
- pymdownx.superfences
- pymdownx.tabbed: {alternate_style: true}
- pymdownx.tasklist
"""
CONSTRUCTS = """\
# What articles are made of

First words.[^1]

## Notes

!!! note
    A note.

!!! warning "Take care"
    A warning.

??? danger "Folded"
    Danger.

::: internal
Not for customers.
:::

## Tabs and tasks

=== "Linux"
    One way.

=== "Windows"
    Another.

- [x] done
- [ ] to do

## Code and tables

```yaml
key: value  # a comment
```

| track | frame |
| --- | ---: |
| video | 40 |

Term
:   What it means.

[^1]: A footnote.
"""
SETTINGS = (
    '[tool.servicebook]\ntimezone = "Asia/Shanghai"\nlanguages = ["en", "zh"]\nas_of = "2026-04-20T09:00:00+08:00"\n'
)
RUNNING = """\
---
schema: incident/1
id: INC-20260420-RVN1
title: Channel 5 stutters
title_zh: 频道 5 卡顿
status: new
customer: harbour-tv
service: live-streaming
fault_grade: severe
reported_at: 2026-04-20T08:50:00+08:00
timeline:
- {at: 2026-04-20T08:51:00+08:00, id: k3f9, event: opened, by: li.wei}
---
## Symptom

Frames are lost.

```text
2026-04-20T08:49:44.018 tcd[3310] W ch5/v1080: E-TC-3390 encoder behind 212 ms, dropping
```
"""

WEEK = ", ".join(f'{day}: [["00:00", "24:00"]]' for day in ("mon", "tue", "wed", "thu", "fri", "sat", "sun"))
ALWAYS = f"""\
---
schema: support_hours/1
id: around-the-clock
title: Round the clock
status: active
owner: li.wei
versions:
- effective_from: 2026-01-01
  timezone: Asia/Shanghai
  week: {{{WEEK}}}
---
Always.
"""


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """Return a desk with the worked examples, a record of each kind, and its site."""
    root, folder = tmp_path_factory.mktemp("desk"), tmp_path_factory.mktemp("site") / "html"
    files = {"mkdocs.yml": MKDOCS, "pyproject.toml": SETTINGS}
    deadlock = (
        "# 数据库死锁\n\n保存稿件时数据库死锁，见 ORA-00060。Deadlocks are retried.\n\n```bash\nservicebook next\n```\n"
    )
    hostile = "# </script><img src=x onerror=alert(1)>\n\nOld <b onclick=alert(2)>encoder</b> freezes.\n"
    files |= {"kb/index.md": "# Test desk\n", "kb/deadlock.md": deadlock, "kb/hostile.md": hostile}
    files["kb/constructs.md"] = CONSTRUCTS
    files["kb/support-hours/around-the-clock.md"] = ALWAYS
    files[path_of(BY_NAME["incident"], "INC-20260420-RVN1")] = RUNNING
    files |= placed_examples()
    for name, text in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text, "utf-8")
    with pytest.MonkeyPatch.context() as patch:
        plain_environment(patch)
        subprocess.run(["git", "init", "-q", str(root)], check=True)
        build_site(str(root), str(folder))
    return root, folder


@pytest.fixture(scope="session")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """Return a Chromium of its own, or skip with the reason; where CI requires a browser, fail."""
    for program in (CHROMIUM, DRIVER):
        if not shutil.which(program):
            leave_out = pytest.fail if REQUIRED else pytest.skip
            leave_out(f"{program} is not here: tests/browser/ensure-chromium installs it where it may")
    from selenium import webdriver
    from selenium.webdriver.chrome.service import Service
    from tests.browser.driver import Chromium

    options = webdriver.ChromeOptions()
    options.binary_location = CHROMIUM
    for flag in (*FLAGS, f"--user-data-dir={tmp_path_factory.mktemp('chromium')}"):
        options.add_argument(flag)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
    driver = Chromium(options=options, service=Service(DRIVER))
    yield driver
    driver.quit()


@pytest.fixture(scope="module", autouse=True)
def _as_new_for_the_next_file(browser: Any, site: tuple[Path, Path]) -> Iterator[None]:
    """Let no file of tests find what another has left, in whatever order they run."""
    yield
    reset(browser, site)


def reset(browser: Any, site: tuple[Path, Path]) -> None:
    """Leave the browser as it came: nothing remembered, an English reader, a wide window."""
    browser.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": False})
    browser.get((site[1] / "404.html").as_uri())
    browser.execute_script("localStorage.clear()")
    browser.get_log("browser")
    for command in ("clearDeviceMetricsOverride", "setEmulatedMedia"):
        browser.execute_cdp_cmd(f"Emulation.{command}", {})
    speaks(browser, "en-GB")


def speaks(browser: Any, language: str) -> None:
    """Let the browser ask for pages in a language."""
    agent = browser.execute_script("return navigator.userAgent")
    browser.execute_cdp_cmd("Emulation.setUserAgentOverride", {"userAgent": agent, "acceptLanguage": language})
