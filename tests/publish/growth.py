"""How much longer a text of four times the length takes, in processor time: other work changes that little."""

from __future__ import annotations

import time
from collections.abc import Callable

SQUARED = 10
"""What takes the square of its length takes sixteen times as long for four times of it, what grows with it four."""


def growth(of: Callable[[str], object], sign: str, length: int) -> float:
    """Return the share of time for `sign` repeated up to `length` to that for a quarter of it, the best of three."""

    def spent(count: int) -> float:
        begun = time.process_time()
        of(sign * (count // len(sign)))
        return time.process_time() - begun

    few = min(spent(length // 4) for _ in range(3))
    return min(spent(length) for _ in range(3)) / few
