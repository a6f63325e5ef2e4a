"""What files of any tree, or of none yet, are judged to be under a desk's settings; the index is asked first."""

from __future__ import annotations

from collections.abc import Iterable

from servicebook.store.verdicts import Verdict, is_judged, judge_blobs, pack_verdict
from servicebook.typed import TYPE_CHECKING

if TYPE_CHECKING:
    from servicebook.store.index import Index
    from servicebook.store.snapshot import Opened
    from servicebook.text.source_file import SourceFile


class Judging:
    """The judge of one opened desk, and the verdicts it has kept."""

    def __init__(self, opened: Opened, index: Index) -> None:
        self._opened = opened
        self._index = index
        self._ahead: dict[tuple[str, str], Verdict] = {}
        self._made: dict[tuple[str, str], Verdict] = {}

    def verdicts_of(self, wanted: Iterable[tuple[str, str]]) -> dict[tuple[str, str], Verdict]:
        """Return the verdicts on (path, blob) pairs, in the order asked; what is not judged is left out."""
        pairs = [(path, blob) for path, blob in wanted if is_judged(path) and blob]
        known = {pair: self._ahead[pair] for pair in pairs if pair in self._ahead}
        known |= self._known_or_judged([pair for pair in pairs if pair not in known])
        return {pair: known[pair] for pair in pairs}

    def judge_ahead(self, wanted: Iterable[tuple[str, str]]) -> None:
        """Judge many pairs together, for `verdicts_of` to find; those of before are let go."""
        self._ahead = self._known_or_judged(sorted({(path, blob) for path, blob in wanted if is_judged(path)}))

    def _known_or_judged(self, pairs: list[tuple[str, str]]) -> dict[tuple[str, str], Verdict]:
        opened = self._opened
        known = dict(self._index.verdicts(opened.engine, pairs))
        missing = [pair for pair in pairs if pair not in known]
        for path, blob, verdict in judge_blobs(opened.repository, missing, opened.settings, opened.judge):
            known[path, blob] = verdict
        return known

    def verdict_on(self, source: SourceFile) -> tuple[str, Verdict]:
        """Return the blob id that a file's bytes have, and the verdict on them, which is kept."""
        from servicebook.text.source_file import blob_id

        opened = self._opened
        blob = blob_id(source.data, opened.repository.algorithm)
        pair = (source.path, blob)
        verdict = self._made.get(pair) or dict(self._index.verdicts(opened.engine, [pair])).get(pair)
        if verdict is None:
            before = self._index.body_at(opened.engine, source.path)
            verdict = pack_verdict(opened.judge(source, opened.settings, before))
            self._made[pair] = verdict  # what is read here does not see what is written beside it
            with self._index.while_reading() as writer:
                if writer:
                    writer.put_verdicts(opened.engine, {pair: verdict})
        return blob, verdict
