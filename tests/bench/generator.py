"""Write a believable bilingual desk of any size, the same for the same seed: `generator.py DIR --records N --seed S`.

The desk is a Git repository with one commit. The size counts tickets and known errors; services, assets, people
and agreements come on top (about 120 files). Used by the benchmarks and by the tests that need many records.
"""

from __future__ import annotations

import argparse
import random
import re
import subprocess
from datetime import datetime, timedelta, timezone
from pathlib import Path

CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
ZONE = timezone(timedelta(hours=8))
START = datetime(2025, 11, 20, tzinfo=ZONE)
NOW = datetime(2026, 11, 20, 9, tzinfo=ZONE)

SERVICES = (
    ("live-streaming", "直播推流"), ("vod", "点播"), ("ingest", "收录"), ("transcoding", "转码"), ("packaging", "打包"),
    ("cdn", "内容分发"), ("cms", "内容发布"), ("media-assets", "媒资管理"), ("storage", "存储"), ("database", "数据库"),
    ("network", "网络"), ("monitoring", "监控"),
)  # fmt: skip
CUSTOMERS = (("harbour-tv", "海港广播电视台"), ("yunshan-media", "云山传媒"), ("north-lake-radio", "北湖电台"))
TEAMS = ("service-desk", "live-operations", "platform", "database-team", "network-team", "field-team")
PEOPLE = (
    ("wang.fang", "王芳"), ("li.wei", "李伟"), ("zhao.min", "赵敏"), ("chen.jie", "陈杰"), ("liu.yang", "刘洋"),
    ("zhang.lei", "张磊"), ("sun.qi", "孙琦"), ("zhou.tao", "周涛"), ("wu.hao", "吴昊"), ("xu.ning", "徐宁"),
)  # fmt: skip
SYMPTOMS_ZH = (
    (
        "直播频道 {n} 黑屏",
        "频道 {n} 自 {t} 起无画面，音频正常；播放器报 `ERR_STREAM_{n}`。推流端码率由 6 Mbps 掉到 0。",
    ),
    (
        "数据库死锁导致稿件无法发布",
        "编辑保存稿件时超时，日志出现 `Deadlock found when trying to get lock; ORA-{n}`，共 {m} 次。",
    ),
    ("转码任务堆积", "转码队列积压 {m} 个任务，节点 transcoder-{n} 的 GPU 占用 100%，超过 {m} 秒无进度。"),
    ("存储空间不足", "卷 `/media/{n}` 使用率 9{d}%，写入变慢，收录任务 {m} 失败重试。"),
    ("回源超时", "边缘节点回源 504，命中率由 98% 降到 {m}%，源站 origin-{n} 连接数打满。"),
)
SYMPTOMS_EN = (
    (
        "Channel {n} drops frames",
        "Viewers see stutter since {t}. The encoder logs `PTS discontinuity {m}` on input {n}.",
    ),
    (
        "Publishing page answers 500",
        "The editor page fails with `HTTP 500` after saving; trace id {m}-{n}, first seen {t}.",
    ),
    (
        "Link to edge site {n} is down",
        "BGP session to edge {n} flaps every {m} seconds; interface counters show CRC errors.",
    ),
    (
        "Disk full on ingest node {n}",
        "`/var/ingest` is at 100 %, {m} recordings wait; the cleanup job failed with exit {d}.",
    ),
    (
        "Thumbnails missing for new clips",
        "Clips published after {t} carry no thumbnail; worker {n} reports `OOMKilled` {m} times.",
    ),
)
RESTORE = {"severe": timedelta(hours=4), "degraded": timedelta(hours=8), "consultation": timedelta(hours=24)}
FILLER_ZH = "已重启进程并观察 {m} 分钟，指标恢复；回退补丁 {n}，联系供应商确认根因，已告知客户值班室。"
FILLER_EN = "Restarted the worker, watched it for {m} minutes, rolled back patch {n}; told the customer's duty desk."


class Desk:
    """Makes the files of one desk, from one random source."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)
        self.files: dict[str, str] = {}
        self.taken: set[str] = set()
        self.assets: dict[str, list[str]] = {}

    def id(self, prefix: str, day: datetime) -> str:
        """Return a new id of a day."""
        while True:
            id = f"{prefix}-{day:%Y%m%d}-{''.join(self.random.choices(CROCKFORD, k=4))}"
            if id not in self.taken:
                self.taken.add(id)
                return id

    def event_id(self) -> str:
        """Return four characters for an event."""
        letter, *rest = self.random.choice(CROCKFORD[10:]), *self.random.choices(CROCKFORD, k=3)
        return "".join((letter, *rest)).lower()  # a letter first, or YAML may read a number

    def standing(self) -> None:
        """Make what stays: hours, agreement, customers, sites, contracts, services, assets, teams, people."""
        week = ", ".join(f'{day}: [["00:00", "24:00"]]' for day in ("mon", "tue", "wed", "thu", "fri", "sat", "sun"))
        self._record(
            "kb/support-hours",
            "support_hours",
            "always",
            "24x7",
            "owner: wang.fang\nversions:\n"
            f"- {{effective_from: 2020-01-01, timezone: Asia/Shanghai, week: {{{week}}}}}\n"
            f"",
        )
        office = ", ".join(
            f'{day}: [["09:00", "12:00"], ["13:00", "18:00"]]' for day in ("mon", "tue", "wed", "thu", "fri")
        )
        self._record(
            "kb/support-hours",
            "support_hours",
            "office",
            "Office hours",
            "owner: wang.fang\nversions:\n"
            f"- {{effective_from: 2020-01-01, timezone: Asia/Shanghai, week: "
            f"{{{office}}}}}\n",
        )
        clocks = "".join(
            f"  - {{name: {name}, promise: {promise}, applies_when: {{kind: [{kinds}]{grade}}}, start: reported_at, "
            f"stop: [{stop}], cancel: [cancelled], within: {within}{more}}}\n"
            for name, promise, kinds, grade, stop, within, more in (
                ("response", "contract", "incident, service_request", "", "acknowledged, resolved", "30m", ""),
                (
                    "restore",
                    "internal",
                    "incident",
                    ", fault_grade: [severe]",
                    "resolved",
                    "4h",
                    ", pauses_on: [waiting_customer, waiting_access, waiting_supplier]",
                ),
                (
                    "restore",
                    "internal",
                    "incident",
                    ", fault_grade: [degraded]",
                    "resolved",
                    "8h",
                    ", pauses_on: [waiting_customer, waiting_access, waiting_supplier]",
                ),
                (
                    "restore",
                    "internal",
                    "incident",
                    ", fault_grade: [consultation]",
                    "resolved",
                    "24h",
                    ", pauses_on: [waiting_customer, waiting_access, waiting_supplier]",
                ),
            )
        )
        services = ", ".join(slug for slug, _ in SERVICES)
        self._record(
            "kb/agreements",
            "agreement",
            "standard",
            "Standard after-sales service",
            f"agreement_type: sla\nservices: [{services}]\nversions:\n- version: 1\n  effective_from: "
            f"2020-01-01\n"
            f"  support_hours: always\n  working_calendar: office\n  zone: Asia/Shanghai\n  clocks:\n"
            f"{clocks}",
        )
        for slug, name in CUSTOMERS:
            self._record(
                "kb/customers",
                "customer",
                slug,
                name,
                f"legal_name: {name}\naccount_manager: sun.qi\nservice_manager: zhao.min\n",
            )
            self._record(
                "kb/sites",
                "site",
                f"{slug}-hq",
                f"{name} 总部",
                f"customer: {slug}\naddress: 海港路 "
                f"{len(slug)} 号\n"
                "timezone: Asia/Shanghai\ndistance_class: local\ntravel_minutes: [{minutes: 40}]\n"
                "",
            )
        everybody = ", ".join(person for person, _ in PEOPLE)
        teams = ", ".join(TEAMS)
        for position, team in enumerate(TEAMS):
            person = PEOPLE[position][0]
            self._record(
                "kb/teams",
                "team",
                team,
                team.replace("-", " "),
                f"team_type: desk\nmanager: {person}\n"
                f"members: [{everybody}]\n"
                "services: [live-streaming]\nsupport_hours: always\n",
            )
        for person, name in PEOPLE:
            self._record(
                "kb/people",
                "person",
                person,
                name,
                f"name: {name}\nemployer: provider\n"
                f"emails: [{person}@example.org]\nroles: [{{role: engineer, from: 2020-01-01}}]\n"
                f"teams: [{teams}]\n",
            )
        for slug, name in SERVICES:
            self._service(slug, name)

    def _service(self, slug: str, name: str) -> None:
        customers = ", ".join(customer for customer, _ in CUSTOMERS)
        self._record(
            "kb/services",
            "service",
            slug,
            f"{name} ({slug})",
            f"service_owner: zhao.min\n"
            f"support_group: platform\n"
            f"customers: [{customers}]\ncriticality: high\nagreements: [standard]\ndescription: "
            f"{name}服务\n",
        )
        for number in range(6):
            asset = f"{slug}-{number:02}"
            self.assets.setdefault(slug, []).append(asset)
            customer = CUSTOMERS[number % len(CUSTOMERS)][0]
            parent = f"relations: [{{type: depends-on, target: {slug}-{number - 1:02}}}]\n" if number else ""
            self._record(
                "kb/assets",
                "asset",
                asset,
                asset,
                f"asset_type: server\ncustomer: {customer}\nsite: "
                f"{customer}-hq\n"
                f"service: {slug}\nserial_number: SN{self.random.randrange(10**9):09}\nowner: liu.yang\n"
                f"{parent}",
            )

    def _record(self, folder: str, kind: str, id: str, title: str, rest: str, body: str = "") -> None:
        text = f"---\nschema: {kind}/1\nid: {id}\ntitle: {title}\n{rest}---\n{body}"
        self.files[f"{folder}/{id}.md"] = text

    def ticket(self) -> None:
        """Make one ticket, mostly an incident."""
        roll = self.random.random()
        made_at = START + timedelta(seconds=self.random.randrange(int((NOW - START).total_seconds())))
        if roll < 0.85:
            self._incident(made_at)
        elif roll < 0.96:
            self._request(made_at)
        elif roll < 0.985:
            self._problem(made_at)
        else:
            self._change(made_at)

    def _life(self, made_at: datetime) -> tuple[str, list[str], dict[str, datetime]]:
        """Return the status of a ticket opened at an instant, the lines of its timeline, and when each happened."""
        person = self.random.choice(PEOPLE)[0]
        at = made_at
        lines = [self._event(at, "opened", "wang.fang", ", via: hotline")]
        status = "new"
        happened: dict[str, datetime] = {}
        steps: list[tuple[str, str, str, int]] = [("acknowledged", "in_progress", ", via: phone", 28)]
        if self.random.random() < 0.2:
            steps += [("paused", "on_hold", ", reason: waiting_customer", 60), ("resumed", "in_progress", "", 300)]
        steps += [("note", "", f", note: 第 {self.random.randrange(9)} 次检查 checked", 30)] * self.random.randrange(3)
        steps += [("resolved", "resolved", "", 400), ("closed", "closed", "", 4000)]
        for event, after, more, minutes in steps:
            at += timedelta(seconds=self.random.randrange(60, minutes * 60))
            if at > NOW:
                break
            lines.append(self._event(at, event, person, more))
            happened[event] = at
            status = after or status
        return status, lines, happened

    def _outcomes(self, made_at: datetime, happened: dict[str, datetime], restore: timedelta | None) -> str:
        """Return the closing `sla:` block; on 24x7 hours a pause before the due time moves it by its own length."""
        if "closed" not in happened:
            return ""
        clocks = [("response", made_at + timedelta(minutes=30), happened["acknowledged"])]
        if restore:
            due = made_at + restore
            if "resumed" in happened and happened["paused"] < due:
                due += happened["resumed"] - happened["paused"]
            clocks.append(("restore", due, happened["resolved"]))
        rows = "".join(
            f"  {name}: {{due_at: {due.isoformat()}, stopped_at: {stopped.isoformat()}, "
            f"outcome: {'met' if stopped <= due else 'missed'}, agreement: standard@2020-01-01, "
            f"hours: always@2020-01-01}}\n"
            for name, due, stopped in clocks
        )
        return f"sla:\n{rows}"

    def _event(self, at: datetime, event: str, by: str, more: str) -> str:
        return f"- {{at: {at.isoformat()}, id: {self.event_id()}, event: {event}, by: {by}{more}}}"

    def _text(self, made_at: datetime) -> tuple[str, str]:
        """Return a title and a body of about a kilobyte."""
        chinese = self.random.random() < 0.5
        title, symptom = self.random.choice(SYMPTOMS_ZH if chinese else SYMPTOMS_EN)
        values = {
            "n": self.random.randrange(1, 90),
            "m": self.random.randrange(10, 9000),
            "d": self.random.randrange(10),
            "t": f"{made_at:%H:%M}",
        }
        filler = FILLER_ZH if chinese else FILLER_EN
        steps = "\n".join(
            "- " + filler.format(m=self.random.randrange(99), n=self.random.randrange(999)) for _ in range(4)
        )
        head, log = ("现象", "日志") if chinese else ("Symptom", "Log")
        body = (
            f"## {head}\n\n{symptom.format(**values)}\n\n```text\n{made_at:%Y-%m-%d %H:%M:%S} ERROR "
            f"worker[{values['m']}]: "
            f"code={values['n']:04x} retry={values['d']}\n```\n\n## {log}\n\n{steps}\n"
        )
        return title.format(**values), body

    def _incident(self, made_at: datetime) -> None:
        id, (title, body) = self.id("INC", made_at), self._text(made_at)
        status, lines, happened = self._life(made_at)
        service = self.random.choice(SERVICES)[0]
        number = self.random.randrange(6)
        customer = CUSTOMERS[number % len(CUSTOMERS)][0]
        grade = self.random.choices(("consultation", "degraded", "severe"), (3, 5, 2))[0]
        resolution = self._outcomes(made_at, happened, RESTORE[grade])
        if re.search(r"restore: .*outcome: missed", resolution):
            at = happened["resolved"].isoformat()
            told = f"- {{at: {at}, id: escd, event: escalated, by: li.wei, to: wang.fang}}"
            lines.insert(next(n for n, line in enumerate(lines) if "event: resolved" in line), told)
        if status in ("resolved", "closed"):
            resolution += (
                "resolution: {resolution_code: fixed, cause_code: software, human_caused: false, "
                "method: restarted, "
                "problem_review: {result: not_needed, reason: seen once}}\n"
            )
        self._ticket(
            "incidents",
            id,
            "incident",
            title,
            status,
            made_at,
            (
                f"customer: {customer}\ncaller: {{name: 陈工}}\ncontact_type: hotline\n"
                f"reported_at: {made_at.isoformat()}\n"
                f"site: {customer}-hq\nservice: {service}\nassets: [{service}-{number:02}]\ncategory: program_error\n"
                f"fault_grade: {grade}\nimpact: medium\nurgency: medium\nassignment_group: platform\nassigned_to: "
                f"li.wei\n{resolution}"
            ),
            lines,
            body,
        )

    def _request(self, made_at: datetime) -> None:
        id, (status, lines, happened) = self.id("REQ", made_at), self._life(made_at)
        status = {"resolved": "fulfilled"}.get(status, status)
        outcomes = self._outcomes(made_at, happened, None)
        done = "fulfilment: {result: account made, accepted_by: 王工}\n" if status in ("fulfilled", "closed") else ""
        self._ticket(
            "requests",
            id,
            "service_request",
            "新增编辑账号 New editor account",
            status,
            made_at,
            (
                f"customer: harbour-tv\nrequested_by: 王工\ncontact_type: form\nreported_at: {made_at.isoformat()}\n"
                f"request_type: access\nservice: cms\nassignment_group: service-desk\n"
                f"assigned_to: wang.fang\n{outcomes}{done}"
            ),
            lines,
            "## Request\n\n请为新同事开通 CMS 编辑账号。\n",
        )

    def _problem(self, made_at: datetime) -> None:
        id, (title, body), (status, lines, _) = self.id("PRB", made_at), self._text(made_at), self._life(made_at)
        done = "root_cause: leak in the worker\ncause_code: software\n" if status in ("resolved", "closed") else ""
        done += "closure_code: removed\n" if status == "closed" else ""
        self._ticket(
            "problems",
            id,
            "problem",
            title,
            status,
            made_at,
            (
                f"problem_type: reactive\nservice: {self.random.choice(SERVICES)[0]}\n"
                f"detected_at: {made_at.isoformat()}\n"
                f"detected_from: incident\nimpact: medium\nurgency: medium\nassignment_group: platform\n"
                f"problem_manager: zhao.min\n{done}"
            ),
            lines,
            body,
        )

    def _change(self, made_at: datetime) -> None:
        id = self.id("CHG", made_at)
        service = self.random.choice(SERVICES)[0]
        start = made_at + timedelta(days=self.random.randrange(2, 9))
        self._ticket(
            "changes",
            id,
            "change",
            f"升级 {service} 到 v{self.random.randrange(9)}",
            "draft",
            made_at,
            (
                f"change_type: normal\nreason: fix of a known fault\nservice: {service}\n"
                f"assets: [{self.random.choice(self.assets[service])}]\nrisk: low\nrequested_by: zhao.min\n"
                f"planned_start_at: {start.isoformat()}\nplanned_end_at: {(start + timedelta(hours=2)).isoformat()}\n"
                "plan: {implementation: roll node by node, test: play channel 1, backout: install the old package}\n"
            ),
            [self._event(made_at, "opened", "zhao.min", "")],
            "## Plan\n\n逐台升级，先备后主。\n",
        )

    def _ticket(
        self,
        folder: str,
        id: str,
        kind: str,
        title: str,
        status: str,
        made_at: datetime,
        rest: str,
        lines: list[str],
        body: str,
    ) -> None:
        timeline = "\n".join(lines)
        self._record(
            f"tickets/{folder}/{made_at:%Y/%m}",
            kind,
            id,
            title,
            f"status: {status}\n{rest}timeline:\n{timeline}\n",
            body,
        )


SETTINGS = """\
[tool.servicebook]
name = "Benchmark desk"
name_zh = "基准服务台"
timezone = "Asia/Shanghai"
languages = ["en", "zh"]
as_of = "2026-11-20T09:00:00+08:00"
"""

MKDOCS = """\
site_name: Benchmark desk
docs_dir: kb
use_directory_urls: false
theme:
  name: servicebook
plugins:
- servicebook
"""


def write_desk(root: Path, records: int, seed: int = 1, *, git: bool = True) -> None:
    """Write a desk of `records` tickets below `root` (made when absent), committed when `git` is set."""
    desk = Desk(seed)
    desk.standing()
    for _ in range(records):
        desk.ticket()
    desk.files |= {"pyproject.toml": SETTINGS, "mkdocs.yml": MKDOCS, "kb/index.md": "# Benchmark desk\n"}
    for path, text in desk.files.items():
        target = root / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text, "utf-8")
    if git:
        commit_desk(root)


def commit_desk(root: Path) -> None:
    """Make a repository of a folder, with one commit."""
    identity = ["-c", "user.name=Bench", "-c", "user.email=bench@example.org"]
    for words in (["init", "-q", "-b", "main"], ["add", "-A"], [*identity, "commit", "-q", "-m", "desk"]):
        subprocess.run(["git", *words], cwd=root, check=True)
    for key, value in (("user.name", "Li Wei"), ("user.email", "li.wei@example.org")):
        subprocess.run(["git", "config", key, value], cwd=root, check=True)


def main() -> None:
    """Write a desk from the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("root", type=Path)
    parser.add_argument("--records", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=1)
    wish = parser.parse_args()
    write_desk(wish.root, wish.records, wish.seed)


if __name__ == "__main__":
    main()
