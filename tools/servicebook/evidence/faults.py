"""What can be wrong with a key or a signature: a word for programs, a sentence for people."""

from __future__ import annotations

from typing import NamedTuple

KEY_FAULTS = {
    "not_a_line": "it is not one line `KIND BASE64 [COMMENT]` as in a .pub file",
    "private": "it is a private key; only the public half may stand here",
    "too_long": "it is longer than {detail} characters",
    "unknown_kind": "`{detail}` is no kind of key that signs here: ed25519, ecdsa, rsa and their sk- kinds do",
    "damaged": "it is damaged ({detail})",
    "odd": "it is a key that no program makes ({detail})",
    "weak": "it is too weak ({detail}): take ed25519, ecdsa, or rsa from 2048 bits up",
}
"""What can be wrong with a public key."""

SIGNATURE_FAULTS = {
    "empty": "the signature is empty",
    "too_large": "the signature is larger than {detail} bytes; none that ssh-keygen makes is",
    "armor": "it is not an SSH signature: {detail}",
    "damaged": "the signature is damaged: {detail}",
    "version": "the signature has version {detail}; only version 1 is known",
    "namespace": "the signature was made for `{detail}`",
    "key": "the key of the signature cannot be used: {detail}",
    "algorithm": "the signature is made with `{detail}`, which is not accepted",
    "mismatch": "the signature does not fit the bytes it is said to sign",
    "principal": "the key of the signature is not one of `{detail}`",
}
"""What can be wrong with a signature."""


class KeyFault(NamedTuple):
    """Why a key is refused: `reason` is a key of KEY_FAULTS, `detail` the value its sentence names."""

    reason: str
    detail: str = ""

    @property
    def template(self) -> str:
        """The English sentence, a template of the catalogue area `cli` with `{detail}`."""
        return KEY_FAULTS[self.reason]

    @property
    def sentence(self) -> str:
        """The English sentence."""
        return self.template.format(detail=self.detail)


class SignatureFault(NamedTuple):
    """Why a signature is refused: `reason` is a key of SIGNATURE_FAULTS, `detail` the value its sentence names."""

    reason: str
    detail: str = ""

    @property
    def template(self) -> str:
        """The English sentence, a template of the catalogue area `cli` with `{detail}`."""
        return SIGNATURE_FAULTS[self.reason]

    @property
    def sentence(self) -> str:
        """The English sentence."""
        return self.template.format(detail=self.detail)


def say_fault(fault: KeyFault | SignatureFault, language: str) -> str:
    """Return the fault's sentence in the reader's language."""
    from servicebook.language.catalogue import say

    return say("cli", fault.template, language, detail=fault.detail)
