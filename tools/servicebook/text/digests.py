"""The digests that each judged file takes, without `hashlib`: that loads OpenSSL, a quarter of the start of Python."""

from __future__ import annotations

from servicebook.typed import TYPE_CHECKING

if TYPE_CHECKING:
    from hashlib import blake2b, sha1
else:
    try:
        from _blake2 import blake2b
        from _sha1 import sha1
    except ImportError:  # a Python that is built without its own
        from hashlib import blake2b, sha1

__all__ = ["blake2b", "sha1"]
