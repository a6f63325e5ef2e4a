"""Signing by the user's own ssh-keygen: keys in files and in an agent, as Git's settings name them or the call does."""

from __future__ import annotations

import os
import pty
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.conftest import Repo

from servicebook.errors import CannotDecideError, UsageError
from servicebook.evidence import ssh_keygen
from servicebook.evidence.faults import SignatureFault
from servicebook.evidence.signatures import VOTE_NAMESPACE, verify_signature
from servicebook.evidence.signing_keys import SignWith, find_signing_key
from servicebook.evidence.ssh_keygen import SigningError, sign_bytes, verify_twice, verify_with_keygen

from .conftest import KINDS, MadeKey, make_key

MESSAGE = "同意 approve\n".encode()
every_kind = pytest.mark.parametrize("kind", KINDS)


def signer(given: str, root: Path | str = ".") -> object:
    return verify_signature(
        MESSAGE, sign_bytes(MESSAGE, find_signing_key(str(root), given), VOTE_NAMESPACE), VOTE_NAMESPACE
    )


@every_kind
def test_a_key_in_a_file_signs(keys: dict[str, MadeKey], kind: str) -> None:
    made = keys[kind]
    assert signer(str(made.file)) == signer(f"{made.file}.pub") == made.public


@every_kind
def test_a_key_in_the_agent_signs(
    keys: dict[str, MadeKey], kind: str, agent: Callable[[Path], None], tmp_path: Path
) -> None:
    made = keys[kind]
    agent(made.file)
    alone = tmp_path / "only.pub"
    alone.write_text(made.line + "\n", "utf-8")
    for given in (str(alone), made.line, f"key::{made.line}", made.public.fingerprint, "li.wei@laptop", ""):
        assert signer(given) == made.public, given


def test_what_git_signs_with_signs(make_repo: Callable[..., Repo], keys: dict[str, MadeKey]) -> None:
    repo = make_repo()
    root = repo.root
    with pytest.raises(UsageError, match="no key to sign with"):
        find_signing_key(str(root))
    repo.git("config", "gpg.format", "ssh")
    repo.git("config", "user.signingKey", str(keys["ecdsa256"].file))
    found = find_signing_key(str(root))
    assert (found.key, found.found, found.comment) == (keys["ecdsa256"].public, "user.signingKey", "li.wei@laptop")
    assert signer("", root) == keys["ecdsa256"].public


def test_a_literal_key_of_git_signs_by_the_agent(
    make_repo: Callable[..., Repo], keys: dict[str, MadeKey], agent: Callable[[Path], None]
) -> None:
    repo = make_repo()
    agent(keys["rsa"].file)
    agent(keys["ed25519"].file)
    repo.git("config", "user.signingKey", f"key::{keys['ed25519'].line}")
    assert signer("", repo.root) == keys["ed25519"].public


def test_git_s_command_for_the_key_is_asked(make_repo: Callable[..., Repo], keys: dict[str, MadeKey]) -> None:
    repo = make_repo()
    repo.git("config", "gpg.ssh.defaultKeyCommand", f"echo key::{keys['ed25519'].line}")
    assert find_signing_key(str(repo.root)).key == keys["ed25519"].public


def test_the_person_s_own_key_goes_before_others(keys: dict[str, MadeKey], agent: Callable[[Path], None]) -> None:
    agent(keys["rsa"].file)
    agent(keys["ed25519"].file)
    assert find_signing_key(".").key == keys["rsa"].public
    assert find_signing_key(".", known=[keys["ed25519"].public]).key == keys["ed25519"].public
    assert find_signing_key(".", known=[keys["ecdsa521"].public]).key == keys["rsa"].public


def test_the_usual_file_is_found(tmp_path: Path) -> None:
    folder = tmp_path / "home" / ".ssh"
    folder.mkdir()
    made = make_key(folder / "id_ed25519")
    assert find_signing_key(".").key == made.public
    assert signer("") == made.public


def test_a_private_key_alone_signs(tmp_path: Path) -> None:
    made = make_key(tmp_path / "alone")
    public = made.public
    Path(f"{made.file}.pub").unlink()
    assert signer(str(made.file)) == public


def test_a_passphrase_is_not_waited_for_without_a_terminal(tmp_path: Path) -> None:
    made = make_key(tmp_path / "locked", passphrase="open sesame")
    with pytest.raises(SigningError) as refused:
        signer(str(made.file))
    assert refused.value.hint == f"ssh-add {made.file}"
    Path(f"{made.file}.pub").unlink()
    with pytest.raises(UsageError, match="public half"):
        signer(str(made.file))


def test_a_key_whose_private_half_is_elsewhere(keys: dict[str, MadeKey], tmp_path: Path) -> None:
    alone = tmp_path / "only.pub"
    alone.write_text(keys["ed25519"].line + "\n", "utf-8")
    with pytest.raises(SigningError, match="not at hand") as refused:
        signer(str(alone))
    assert refused.value.hint == f"ssh-add {tmp_path / 'only'}"
    with pytest.raises(SigningError, match="not at hand"):
        signer(keys["ed25519"].line)


def test_a_pair_that_is_none_is_not_signed_with(keys: dict[str, MadeKey], tmp_path: Path) -> None:
    made = make_key(tmp_path / "one")
    Path(f"{made.file}.pub").write_text(keys["ed25519"].line + "\n", "utf-8")
    with pytest.raises(SigningError):
        signer(str(made.file))


def test_a_key_that_others_may_read(tmp_path: Path) -> None:
    made = make_key(tmp_path / "open")
    made.file.chmod(0o644)
    with pytest.raises(SigningError, match="others may read") as refused:
        signer(str(made.file))
    assert refused.value.hint == f"chmod 600 {made.file}"


@pytest.mark.parametrize("given", ["nothing", "ssh-dss AAAA", "key::ssh-ed25519 AAAA", "key::"])
def test_what_is_no_key_is_said(given: str) -> None:
    with pytest.raises(UsageError):
        find_signing_key(".", given)


def test_files_that_are_no_keys_are_said(tmp_path: Path) -> None:
    for name, data in {"empty": b"", "big": b"x" * 5_000_000, "binary": os.urandom(300)}.items():
        (tmp_path / name).write_bytes(data)
        with pytest.raises(UsageError, match="not a key"):
            find_signing_key(".", str(tmp_path / name))


def test_without_the_library_ssh_keygen_verifies(
    keys: dict[str, MadeKey], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    made = keys["ed25519"].sign(MESSAGE, VOTE_NAMESPACE)
    for name in [name for name in sys.modules if name.partition(".")[0] == "cryptography"]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "cryptography", None)
    assert verify_signature(MESSAGE, made, VOTE_NAMESPACE) == keys["ed25519"].public
    assert verify_signature(MESSAGE + b"x", made, VOTE_NAMESPACE) == SignatureFault("mismatch")
    assert signer(str(keys["rsa"].file)) == keys["rsa"].public
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(CannotDecideError, match="cannot be run"):
        verify_signature(MESSAGE, made, VOTE_NAMESPACE)


def test_both_are_asked_and_must_agree(
    keys: dict[str, MadeKey], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    made = keys["ed25519"].sign(MESSAGE, VOTE_NAMESPACE)
    assert verify_twice(MESSAGE, made, VOTE_NAMESPACE) == keys["ed25519"].public
    assert verify_twice(MESSAGE[1:], made, VOTE_NAMESPACE) == SignatureFault("mismatch")
    liar = tmp_path / "ssh-keygen"
    liar.write_text("#!/bin/sh\nexit 0\n", "utf-8")
    liar.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(CannotDecideError, match="differ over a signature"):
        verify_twice(MESSAGE[1:], made, VOTE_NAMESPACE)


def test_without_ssh_keygen_signing_says_so_and_verifying_goes_on(
    keys: dict[str, MadeKey], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    made = keys["ed25519"].sign(MESSAGE, VOTE_NAMESPACE)
    monkeypatch.setenv("PATH", str(tmp_path))
    key = SignWith(keys["ed25519"].public, str(keys["ed25519"].file))
    with pytest.raises(SigningError, match="cannot be run") as refused:
        sign_bytes(MESSAGE, key, VOTE_NAMESPACE)
    assert "install OpenSSH" in refused.value.hint
    with pytest.raises(CannotDecideError, match="cannot be run"):
        verify_with_keygen(MESSAGE, made, VOTE_NAMESPACE)
    assert verify_signature(MESSAGE, made, VOTE_NAMESPACE) == keys["ed25519"].public


def with_program(make_repo: Callable[..., Repo], made: MadeKey, script: str) -> str:
    """Make a repository whose Git signs with a program of its own, as password managers bring one."""
    repo = make_repo()
    program = repo.root / "sign-for-me"
    program.write_text(f"#!/bin/sh\n{script}\n", "utf-8")
    program.chmod(0o755)
    for name, value in {
        "gpg.format": "ssh",
        "user.signingKey": str(made.file),
        "gpg.ssh.program": str(program),
    }.items():
        repo.git("config", name, value)
    return str(repo.root)


def test_git_s_own_program_signs(make_repo: Callable[..., Repo], keys: dict[str, MadeKey]) -> None:
    root = with_program(make_repo, keys["ed25519"], 'exec ssh-keygen "$@"')
    assert signer("", root) == keys["ed25519"].public


@pytest.mark.parametrize(
    ("script", "said"),
    [
        ("cat > /dev/null; echo nonsense", "does not hold"),
        ("cat > /dev/null", "does not hold"),
        ("ssh-keygen -Y sign -n other -f $6", "does not hold"),
        ("cat > /dev/null; echo 'unknown option -- Y' >&2; exit 1", "cannot sign"),
        ("echo sesame failed >&2; exit 1", "sesame failed"),
        ("exit 1", "did not sign: -"),
    ],
)
def test_a_program_that_does_not_sign_is_told(
    make_repo: Callable[..., Repo], keys: dict[str, MadeKey], script: str, said: str
) -> None:
    root = with_program(make_repo, keys["ed25519"], script)
    with pytest.raises(SigningError, match=said):
        signer("", root)


def test_a_program_that_does_not_end_is_ended(
    make_repo: Callable[..., Repo], keys: dict[str, MadeKey], monkeypatch: pytest.MonkeyPatch
) -> None:
    root = with_program(make_repo, keys["ed25519"], "echo $$ > pid-of-mine; sleep 300 & wait")
    monkeypatch.chdir(root)
    monkeypatch.setattr(ssh_keygen, "PATIENCE", 0.5)
    with pytest.raises(SigningError, match=r"no answer in 0\.5 s"):
        signer("", root)
    pid = int((Path(root) / "pid-of-mine").read_text("utf-8"))
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)


@pytest.mark.parametrize(("typed", "due"), [("open sesame", "signed"), ("nonsense", "the passphrase of")])
def test_a_passphrase_is_asked_for_at_a_terminal(tmp_path: Path, typed: str, due: str) -> None:
    made = make_key(tmp_path / "locked", passphrase="open sesame")
    code = (
        "import sys; from servicebook.evidence.signing_keys import find_signing_key as find;"
        "from servicebook.evidence.ssh_keygen import SigningError, sign_bytes\n"
        "try: sign_bytes(b'x', find('.', sys.argv[1]), 'n'); print('sig' + 'ned')\n"
        "except SigningError as error: print(error.message)"
    )
    child, terminal = pty.fork()
    if not child:
        os.execv(sys.executable, [sys.executable, "-c", code, str(made.file)])
    said, answered = b"", False
    while True:
        try:
            piece = os.read(terminal, 4096)
        except OSError:
            break
        said += piece
        if not answered and said.rstrip().endswith(b":"):
            os.write(terminal, typed.encode() + b"\n")
            answered = True
        if not piece:
            break
    os.waitpid(child, 0)
    os.close(terminal)
    assert answered and due in said.decode("utf-8", "replace")
