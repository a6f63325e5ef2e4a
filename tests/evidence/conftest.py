"""Real keys of every kind, made by ssh-keygen once for all tests of the room, and a real ssh-agent."""

from __future__ import annotations

import os
import re
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

from servicebook.evidence.public_keys import SigningKey, parse_public_key

KINDS = {
    "ed25519": ["-t", "ed25519"],
    "ecdsa256": ["-t", "ecdsa", "-b", "256"],
    "ecdsa384": ["-t", "ecdsa", "-b", "384"],
    "ecdsa521": ["-t", "ecdsa", "-b", "521"],
    "rsa": ["-t", "rsa", "-b", "2048"],
}


class MadeKey(NamedTuple):
    """A key pair in files: the private one at `file`, the public one beside it."""

    file: Path

    @property
    def line(self) -> str:
        return Path(f"{self.file}.pub").read_text("utf-8").strip()

    @property
    def public(self) -> SigningKey:
        key = parse_public_key(self.line)
        assert isinstance(key, SigningKey)
        return key

    def sign(self, message: bytes, namespace: str, *options: str) -> bytes:
        """Return what `ssh-keygen -Y sign` makes, asked by hand."""
        words = ["ssh-keygen", "-Y", "sign", "-q", "-n", namespace, "-f", str(self.file), *options]
        return subprocess.run(words, input=message, capture_output=True, check=True).stdout


def make_key(file: Path, *options: str, comment: str = "li.wei@laptop", passphrase: str = "") -> MadeKey:
    words = ["ssh-keygen", "-q", "-N", passphrase, "-C", comment, "-f", str(file), *(options or ("-t", "ed25519"))]
    subprocess.run(words, check=True, capture_output=True, stdin=subprocess.DEVNULL)
    return MadeKey(file)


@pytest.fixture(scope="session")
def keys(tmp_path_factory: pytest.TempPathFactory) -> dict[str, MadeKey]:
    """Return one key of every kind."""
    folder = tmp_path_factory.mktemp("keys")
    return {name: make_key(folder / name, *options) for name, options in KINDS.items()}


@pytest.fixture(autouse=True)
def _no_keys_of_the_machine(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Keep the machine's own keys and agent out of every test."""
    for name in ("SSH_AUTH_SOCK", "SSH_AGENT_PID", "SSH_ASKPASS", "DISPLAY"):
        monkeypatch.delenv(name, raising=False)
    home = tmp_path / "home"
    home.mkdir()
    monkeypatch.setenv("HOME", str(home))


@pytest.fixture
def agent(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Callable[[Path], None]]:
    """Start an ssh-agent and return what loads a key into it."""
    said = subprocess.run(
        ["ssh-agent", "-s", "-a", str(tmp_path / "agent.sock")], capture_output=True, text=True, check=True
    ).stdout
    found = dict(re.findall(r"(SSH_\w+)=([^;]+);", said))
    for name, value in found.items():
        monkeypatch.setenv(name, value)

    def load(file: Path) -> None:
        subprocess.run(["ssh-add", "-q", str(file)], check=True, capture_output=True, env=os.environ.copy())

    yield load
    os.kill(int(found["SSH_AGENT_PID"]), 15)
