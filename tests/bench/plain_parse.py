"""The yardstick of `check`: parse the front matter with CSafeLoader and the body with markdown-it-py, one process."""

import sys
from pathlib import Path

import yaml
from markdown_it import MarkdownIt

if __name__ == "__main__":
    markdown = MarkdownIt("commonmark").enable("table")
    root = Path(sys.argv[1])
    for folder in ("kb", "tickets"):
        for path in sorted((root / folder).rglob("*.md")):
            text = path.read_text("utf-8")
            if text.startswith("---\n"):
                head, _, body = text[4:].partition("\n---\n")
                yaml.load(head, yaml.CSafeLoader)
                markdown.parse(body)
