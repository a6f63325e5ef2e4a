"""How Git talks to a server: whoever says nothing for a minute is given up, unless a person may be being asked.

Each way has a limit of its own where it has one (curl's lowest speed, ssh's ConnectTimeout and keep-alives). Above
them stands a watch that hears every packet and all progress: for git://, which has no limit, and wherever nobody is
there whom a password prompt could wait for.
"""

from __future__ import annotations

import contextlib
import os
import re
import signal
import sys
import time
from collections.abc import Iterator, Mapping

from servicebook.store.git import try_git
from servicebook.typed import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from subprocess import Popen

QUIET = 60
"""Seconds after which a silent server is given up. One at work sends a sign of life every 5, by Git's own settings
receive.keepAlive and uploadpack.keepAlive.
"""

_GIVEN_UP = re.compile(r"Operation too slow|timed out|Timeout, server ")
"""What curl, ssh and the system call it when they waited in vain."""

_PROGRESS = re.compile(
    r"(?:remote: )?[A-Z][\w ]+: +(?:\d+% \(\d+/\d+\)|\d+(?:, done|$))|(?:remote: )?Total \d+ \(delta "
)
"""A line of Git's progress (progress.c), ours or the server's."""

_ENDING = 2.0  # seconds for a Git that is told to go to take its locks along


class Told(NamedTuple):
    """What became of a talk. out: what Git printed. server: whom it was with, without secrets.

    waited: seconds after which the server was given up because it said nothing, else 0.
    """

    status: int
    out: bytes
    complaint: str
    server: str
    waited: int


def ask_server(root: str, remote: str, *words: str, given: bytes = b"") -> Told:
    """Run `git WORDS`, which talks to `remote`, with `given` as its input; Git's words are kept, and in English.

    Nothing that Git started is left behind, also where it was given up or this process is told to end.
    """
    pushes = words[0] == "push"
    url = _url_of(root, remote, pushes=pushes)
    watched = _is_watched(root, url, pushes=pushes)
    begin = time.monotonic()
    environment = {**os.environ, "LC_ALL": "C", **limits_of(root, url)}
    done = _run(["git", "-C", root, *words], given, environment, QUIET if watched else None)
    lines = done.said.decode("utf-8", "replace").splitlines()
    complaint = "\n".join(line for line in lines if not _PROGRESS.match(line))
    given_up = done.silent or (done.status and _GIVEN_UP.search(complaint))
    waited = max(1, round(time.monotonic() - begin)) if given_up else 0
    return Told(done.status, done.out, complaint, _without_secret(url), waited)


def limits_of(root: str, url: str) -> dict[str, str]:
    """Return the environment that makes Git's own transports give a silent server up, where the user has not said."""
    _, out = try_git(
        ["config", "--name-only", "--get-regexp", r"^(core\.sshcommand|ssh\.variant|http\..*lowspeed)"], root
    )
    set_here = out.decode("utf-8", "replace").lower()
    limits = {}
    if "lowspeed" not in set_here and not any(name.startswith("GIT_HTTP_LOW_SPEED") for name in os.environ):
        limits = {"GIT_HTTP_LOW_SPEED_LIMIT": "1", "GIT_HTTP_LOW_SPEED_TIME": str(QUIET)}
    if "ssh" not in set_here and not {"GIT_SSH", "GIT_SSH_COMMAND", "GIT_SSH_VARIANT"} & os.environ.keys():
        options = _ssh_options(url)
        limits |= {"GIT_SSH_COMMAND": " ".join(["ssh", *options])} if options else {}
    return limits


_SSH_URL = re.compile(r"(?:ssh|git\+ssh|ssh\+git)://(?P<host>[^/]+?)(?::(?P<port>\d+))?(?:/|$)")
_SCP_LIKE = re.compile(r"(?P<host>(?:[^/:@]+@)?(?:\[[^\]]+\]|[^/:]+)):(?!:)")


def _ssh_options(url: str) -> list[str]:
    """Return the options of ssh for a server that it is to reach, of those that its configuration does not set.

    ConnectTimeout covers the whole beginning, banner and exchange of keys too (ssh_config(5)); the keep-alives what
    comes after.
    """
    found = _SSH_URL.match(url) or (None if "://" in url else _SCP_LIKE.match(url))
    if not found or found["host"].startswith("-"):
        return []
    import subprocess

    port = ["-p", found["port"]] if found.groupdict().get("port") else []
    host = found["host"].replace("[", "").replace("]", "")
    try:
        done = subprocess.run(["ssh", "-G", *port, host], stdin=subprocess.DEVNULL, capture_output=True, check=False)
    except OSError:
        return []
    kept = set(done.stdout.decode("utf-8", "replace").splitlines())
    options = []
    if "connecttimeout none" in kept:
        options += ["-o", f"ConnectTimeout={QUIET}"]
    if "serveraliveinterval 0" in kept:
        options += ["-o", f"ServerAliveInterval={max(1, QUIET // 4)}", "-o", "ServerAliveCountMax=4"]
    return options


def _url_of(root: str, remote: str, *, pushes: bool) -> str:
    """Return where Git would go; a remote that is no name but a URL or a path is that itself."""
    status, out = try_git(["remote", "get-url", *(["--push"] if pushes else []), remote], root)
    return remote if status else out.decode("utf-8", "replace").split("\n")[0]


def _without_secret(url: str) -> str:
    return re.sub(r"(?<=://)[^/@]*@", "", url)


def _is_watched(root: str, url: str, *, pushes: bool) -> bool:
    """Whether silence can only be the server's: nobody is asked anything, and no hook of this clone is at work."""
    if pushes:
        _, out = try_git(["rev-parse", "--git-path", "hooks/pre-push"], root)
        if os.access(os.path.join(root, os.fsdecode(out).strip()), os.X_OK):
            return False
    return url.startswith("git://") or not _may_be_asked()


def _may_be_asked() -> bool:
    """Whether a person may be sitting before a prompt of ssh, of Git or of a keeper of passwords."""
    if sys.platform == "darwin" or any(
        os.environ.get(name) for name in ("GIT_ASKPASS", "SSH_ASKPASS", "DISPLAY", "WAYLAND_DISPLAY")
    ):
        return True
    try:
        os.close(os.open("/dev/tty", os.O_RDWR | os.O_NOCTTY))
    except OSError:
        return False
    return True


class _Ended(NamedTuple):
    """How a run of Git ended; silent: it was given up since nothing was heard."""

    status: int
    out: bytes
    said: bytes
    silent: bool = False


def _run(command: list[str], given: bytes, environment: Mapping[str, str], limit: float | None) -> _Ended:
    """Run a command to its end, or until nothing is heard of it for `limit` seconds."""
    import subprocess
    import tempfile

    with tempfile.TemporaryFile() as source:
        source.write(given)
        source.seek(0)
        if limit is None:
            done = subprocess.run(command, stdin=source, capture_output=True, check=False, env=environment)
            return _Ended(done.returncode, done.stdout, done.stderr)
        # Packets of either side, signs of life among them; what flows in packs is told by the progress.
        ear, mouth = os.pipe()
        try:
            child = subprocess.Popen(
                [*command, "--progress"], stdin=source, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                env={**environment, "GIT_TRACE_PACKET": f"/dev/fd/{mouth}"}, pass_fds=[mouth], process_group=0,
            )  # fmt: skip
        except BaseException:
            os.close(ear)
            raise
        finally:
            os.close(mouth)
    try:
        with _ended_with_us():
            return _listen(child, ear, limit)
    finally:
        os.close(ear)
        _end(child)


def _listen(child: Popen[bytes], ear: int, limit: float) -> _Ended:
    """Hear a child to its end, or until nothing comes for `limit` seconds."""
    import selectors

    streams = [stream.fileno() for stream in (child.stdout, child.stderr) if stream]
    heard: dict[int, list[bytes]] = {stream: [] for stream in streams}
    with selectors.DefaultSelector() as selector:
        for stream in (*streams, ear):
            selector.register(stream, selectors.EVENT_READ)
        while silent := not selector.get_map().keys().isdisjoint(streams):
            ready = selector.select(limit)
            if not ready:
                break
            for key, _ in ready:
                piece = os.read(key.fd, 1 << 16)
                if not piece:
                    selector.unregister(key.fd)
                elif key.fd in heard:
                    heard[key.fd].append(piece)
    status = child.poll() if silent else child.wait()
    out, said = (b"".join(heard[stream]) for stream in streams)
    return _Ended(1 if status is None else status, out, said, silent=status is None)


def _end(child: Popen[bytes]) -> None:
    """Let go of a child; where it still runs, end it with all that it started, its locks first."""
    import subprocess

    with child, contextlib.suppress(ProcessLookupError):
        if child.poll() is not None:
            return
        os.killpg(child.pid, signal.SIGTERM)
        with contextlib.suppress(subprocess.TimeoutExpired):
            child.wait(_ENDING)
        os.killpg(child.pid, signal.SIGKILL)


@contextlib.contextmanager
def _ended_with_us() -> Iterator[None]:
    """Turn a signal that would end this process into an exception: a group of its own does not get it."""
    import threading

    def leave(number: int, _: object) -> None:
        raise SystemExit(128 + number)

    own = threading.current_thread() is threading.main_thread()
    before = {number: signal.signal(number, leave) for number in (signal.SIGTERM, signal.SIGHUP)} if own else {}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
