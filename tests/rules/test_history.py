"""What commits have against timelines, over real histories: branches, merges, renames, imports, many checks."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import pytest
from tests.conftest import Repo

from servicebook.errors import CannotDecideError, SettingsError
from servicebook.rules import history
from servicebook.rules.history import check_history
from servicebook.rules.opening import open_desk
from servicebook.settings import Settings

PATH = "tickets/incidents/2026/03/INC-20260313-4DXQ.md"
OPENED = "- {at: 2026-03-13T08:43:05+08:00, id: k3f9, event: opened, by: wang.fang}"
ACKED = "- {at: 2026-03-13T08:52:40+08:00, id: m7q2, event: acknowledged, by: li.wei}"
NOTED = "- {at: 2026-03-13T10:10:00+08:00, id: n0te, event: note, by: li.wei, note: ringing}"


def ticket(*events: str, id: str = "INC-20260313-4DXQ") -> str:
    fields = f"schema: incident/1\nid: {id}\ntitle: Black\ncustomer: harbour-tv\n"
    return f"---\n{fields}timeline:\n" + "".join(f"{event}\n" for event in events) + "---\n## Log\n"


class Past:
    """A repository whose commits are made at instants of our choice."""

    def __init__(self, repo: Repo) -> None:
        self.repo = repo

    def commit(self, at: str, files: dict[str, str | None], committed: str = "") -> str:
        """Commit files (None: taken away) on 2026-03-13 at a time of day, or at an instant."""
        author, committer = ("2026-03-13T" + t + ":00+08:00" if len(t) == 5 else t for t in (at, committed or at))
        self.repo.write({path: text for path, text in files.items() if text is not None})
        for path, text in files.items():
            if text is None:
                (self.repo.root / path).unlink()
        self.repo.git("add", "-A")
        dates = {"GIT_AUTHOR_DATE": author, "GIT_COMMITTER_DATE": committer}
        self.repo.git("commit", "--quiet", "--no-verify", "--allow-empty", "-m", "step", **dates)
        return self.repo.git("rev-parse", "HEAD").strip()

    def found(self, tip: str = "HEAD") -> list[tuple[str, str, str]]:
        """Return (code, event id or "", commit) of each finding."""
        desk = open_desk(str(self.repo.root))
        try:
            return [(item.code, item.param("id"), item.param("commit")) for item in check_history(desk, tip)]
        finally:
            desk.close()


@pytest.fixture
def past(make_repo: Callable[..., Repo]) -> Past:
    return Past(make_repo("desk"))


def test_a_repository_without_a_commit(past: Past) -> None:
    assert past.found() == []


def test_an_honest_history(past: Past) -> None:
    past.commit("08:44", {PATH: ticket(OPENED)})
    past.commit("08:53", {PATH: ticket(OPENED, ACKED)})
    past.commit("10:12", {PATH: ticket(OPENED, ACKED, NOTED)})
    assert past.found() == []


def test_the_commit_that_did_it_is_named(past: Past) -> None:
    past.commit("09:00", {PATH: ticket(OPENED, ACKED, NOTED)})
    past.commit("10:12", {"other.md": "x"})
    did = past.commit("11:00", {PATH: ticket(OPENED, ACKED.replace("08:52", "08:45"))})
    past.commit("11:30", {"other.md": "y"})
    assert past.found() == [("HIS903", "m7q2", did[:10]), ("HIS902", "n0te", did[:10])]


def test_what_a_later_commit_mends_is_forgotten(past: Past) -> None:
    whole = ticket(OPENED, ACKED)
    past.commit("09:00", {PATH: whole})
    past.commit("10:00", {PATH: ticket(OPENED)})
    assert [code for code, _, _ in past.found()] == ["HIS902"]
    past.commit("11:00", {PATH: whole})
    assert past.found() == []


def test_only_new_commits_are_read(past: Past, monkeypatch: pytest.MonkeyPatch) -> None:
    past.commit("09:00", {PATH: ticket(OPENED, ACKED)})
    did = past.commit("10:00", {PATH: ticket(OPENED)})
    assert [code for code, _, _ in past.found()] == ["HIS902"]
    from servicebook.store import recorded

    read: list[str] = []
    real = recorded._Walk.take
    monkeypatch.setattr(
        recorded._Walk, "take", lambda self, some: (read.extend(c.id for c, _ in some), real(self, some))[1]
    )
    assert past.found() == [("HIS902", "m7q2", did[:10])]
    assert read == []
    newest = past.commit("10:12", {PATH: ticket(OPENED, NOTED)})
    assert past.found() == [("HIS902", "m7q2", did[:10])]
    assert read == [newest]


def test_kept_and_read_anew_say_the_same(past: Past) -> None:
    steps = [
        ticket(OPENED), ticket(OPENED, ACKED), ticket(OPENED, NOTED, ACKED), ticket(ACKED, NOTED),
        ticket(OPENED, ACKED, NOTED), ticket(OPENED, ACKED.replace("li.wei", "chen.hao"), NOTED),
    ]  # fmt: skip
    for hour, text in enumerate(steps):
        past.commit(f"{11 + hour}:00", {PATH: text})
        kept = past.found()
        import shutil

        shutil.rmtree(past.repo.root / ".git" / "servicebook")
        assert past.found() == kept
    assert [code for code, _, _ in kept] == ["HIS904"]


def test_rewritten_history_is_read_anew(past: Past) -> None:
    past.commit("09:00", {PATH: ticket(OPENED, ACKED)})
    past.commit("10:00", {PATH: ticket(OPENED)})
    assert past.found()
    past.repo.git("reset", "--quiet", "--hard", "HEAD^")
    past.commit("10:30", {PATH: ticket(OPENED, ACKED, NOTED)})
    assert past.found() == []


def test_late_and_said_so(past: Past) -> None:
    late = past.commit("2026-03-20T09:00:00+08:00", {PATH: ticket(OPENED, ACKED)})
    assert past.found() == [("HIS901", "", late[:10])] * 2
    said = ACKED.replace("id: m7q2", "recorded_at: 2026-03-20T08:59:00+08:00, id: m7q2")
    past.repo.git("reset", "--quiet", "--soft", late)
    past.commit("2026-03-20T09:00:00+08:00", {PATH: ticket(OPENED, ACKED)})
    other = PATH.replace("4DXQ", "7F3K")
    past.commit("2026-03-20T09:00:00+08:00", {other: ticket(said, id="INC-20260313-7F3K")})
    assert past.found() == [("HIS901", "", late[:10])] * 2


def test_a_rebase_is_not_late(past: Past) -> None:
    past.commit("08:55", {PATH: ticket(OPENED, ACKED)}, committed="2026-03-20T09:00:00+08:00")
    assert past.found() == []


def test_a_branch_merged_a_week_later_is_not_late(past: Past) -> None:
    past.commit("08:44", {PATH: ticket(OPENED)})
    past.repo.git("checkout", "--quiet", "-b", "mine")
    past.commit("08:54", {PATH: ticket(OPENED, ACKED)})
    past.repo.git("checkout", "--quiet", "main")
    past.commit("09:30", {"other.md": "x"})
    dates = {"GIT_AUTHOR_DATE": "2026-03-20T09:00:00+08:00", "GIT_COMMITTER_DATE": "2026-03-20T09:00:00+08:00"}
    past.repo.git("merge", "--quiet", "--no-ff", "-m", "merge", "mine", **dates)
    assert past.found() == []


def test_a_ticket_that_moved_keeps_its_past(past: Past) -> None:
    past.commit("09:00", {PATH: ticket(OPENED, ACKED)})
    other = PATH.replace("4DXQ", "7F3K")
    renamed = past.commit("10:00", {PATH: None, other: ticket(OPENED, ACKED, id="INC-20260313-7F3K")})
    assert past.found() == []
    did = past.commit("11:00", {other: ticket(OPENED, id="INC-20260313-7F3K")})
    assert past.found() == [("HIS902", "m7q2", did[:10])] and did != renamed


def test_a_timeline_written_in_blocks(past: Past) -> None:
    block = "- at: 2026-03-13T08:43:05+08:00\n  id: k3f9\n  event: opened\n  by: wang.fang"
    past.commit("08:44", {PATH: ticket(block)})
    past.commit("08:54", {PATH: ticket(OPENED, ACKED)})  # only its form changed
    assert past.found() == []
    did = past.commit("09:54", {PATH: ticket(OPENED.replace("08:43", "08:40"), ACKED)})
    assert past.found() == [("HIS903", "k3f9", did[:10])]


def test_history_since_takes_an_instant_or_a_commit(past: Past) -> None:
    imported = past.commit("2026-03-20T09:00:00+08:00", {PATH: ticket(OPENED, ACKED)})
    assert len(past.found()) == 2
    for value in (imported, "2026-03-20T09:00:00+08:00"):
        past.commit("2026-03-20T10:00:00+08:00", {"pyproject.toml": f'[tool.servicebook]\nhistory_since = "{value}"\n'})
        assert past.found() == []
    did = past.commit("2026-03-21T09:00:00+08:00", {PATH: ticket(OPENED)})
    assert past.found() == [("HIS902", "m7q2", did[:10])]
    past.commit("2026-03-21T10:00:00+08:00", {"pyproject.toml": f'[tool.servicebook]\nhistory_since = "{"ab" * 20}"\n'})
    with pytest.raises(SettingsError, match="not there"):
        past.found()


def test_a_desk_that_stands_still_has_no_late(past: Past) -> None:
    still = '[tool.servicebook]\nas_of = "2026-03-14T09:00:00+08:00"\n'
    past.commit("2026-03-20T09:00:00+08:00", {PATH: ticket(OPENED, ACKED), "pyproject.toml": still})
    assert past.found() == []
    past.commit("2026-03-21T09:00:00+08:00", {PATH: ticket(OPENED)})
    assert [code for code, _, _ in past.found()] == ["HIS902"]


def test_an_older_tip(past: Past) -> None:
    past.commit("09:00", {PATH: ticket(OPENED, ACKED)})
    did = past.commit("10:00", {PATH: ticket(OPENED)})
    back = past.commit("11:00", {PATH: ticket(OPENED, ACKED)})
    assert past.found() == []
    past.repo.git("checkout", "--quiet", did)
    assert past.found() == [("HIS902", "m7q2", did[:10])]
    past.repo.git("checkout", "--quiet", back)
    assert past.found(back) == []


def test_a_shallow_clone_cannot_tell(past: Past) -> None:
    past.commit("09:00", {PATH: ticket(OPENED)})
    past.commit("09:01", {PATH: ticket(OPENED, ACKED)})
    past.repo.git("clone", "--quiet", "--depth", "1", f"file://{past.repo.root}", str(past.repo.root / "shallow"))
    desk = open_desk(str(past.repo.root / "shallow"))
    with pytest.raises(CannotDecideError):
        check_history(desk)


def test_the_bounds_are_a_day_and_five_minutes(past: Past) -> None:
    assert (Settings().recorded_within, history.AHEAD) == (86_400, 300)
    noon = datetime.fromisoformat("2026-03-14T08:43:05+08:00")
    past.commit(noon.isoformat(), {PATH: ticket(OPENED)})
    assert past.found() == []
    other = PATH.replace("4DXQ", "7F3K")
    past.commit(noon.replace(second=6).isoformat(), {other: ticket(OPENED, id="INC-20260313-7F3K")})
    assert [code for code, _, _ in past.found()] == ["HIS901"]


def test_the_desk_says_how_late_is_late(past: Past) -> None:
    late = past.commit("10:43", {PATH: ticket(OPENED)})
    assert past.found() == []
    past.commit("10:44", {"pyproject.toml": '[tool.servicebook]\nrecorded_within = "90m"\n'})
    assert past.found() == [("HIS901", "", late[:10])]
    past.commit("10:45", {"pyproject.toml": '[tool.servicebook]\nrecorded_within = "soon"\n'})
    with pytest.raises(SettingsError, match="recorded_within"):
        past.found()
