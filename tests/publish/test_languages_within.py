"""Chinese within an English page is marked where it begins and ends; Chinese pages and code stay as they are."""

from __future__ import annotations

import pytest

from servicebook.publish.languages_within import with_languages


@pytest.mark.parametrize(
    ("html", "marked"),
    [
        ("<p>Only English.</p>", "<p>Only English.</p>"),
        ("<p>服务的意外中断。</p>", "<p lang=zh>服务的意外中断。</p>"),
        ("<th>含义</th><td>达到的指标值</td>", "<th lang=zh>含义</th><td>达到的指标值</td>"),
        ("<li>also · 另见: 1.6</li>", "<li>also · <span lang=zh>另见</span>: 1.6</li>"),
        ("<h2>Fields · 字段</h2>", "<h2>Fields · <span lang=zh>字段</span></h2>"),
        ("<p>Say <code>黑屏</code> and 死锁.</p>", "<p>Say <code>黑屏</code> and <span lang=zh>死锁</span>.</p>"),
        ("<td>asked · 询问</td>", "<td>asked · 询问</td>"),
        ('<p lang="zh-Hans">已标</p>', '<p lang="zh-Hans">已标</p>'),
        ("<li>One\n<ul><li>二</li></ul></li>", "<li>One\n<ul><li lang=zh>二</li></ul></li>"),
        ("<pre><code>黑屏</code></pre>", "<pre><code>黑屏</code></pre>"),
        ('<p><a href="死锁.html">English</a></p>', '<p><a href="死锁.html">English</a></p>'),
    ],
)
def test_chinese_is_marked(html: str, marked: str) -> None:
    assert with_languages(html, "en") == marked
    assert with_languages(html, "zh-Hans") == html
