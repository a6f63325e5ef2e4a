"""How modules of ours are imported where a command begins: each from its compiled file, found by its name alone.

Python looks for a module along a path and works out what its files may be called: of a hook's 120 modules that takes
as long as their code. What is not as it should be (no compiled file, or one of another text) is left to Python.
"""

import os
import sys
from _frozen_importlib import ModuleSpec
from _frozen_importlib_external import MAGIC_NUMBER, SourceFileLoader
from _imp import _fix_co_filename  # type: ignore[attr-defined]  # not in typeshed
from marshal import loads

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from types import CodeType

_OURS = __name__.partition(".")[0] + "."
_FLAGS = bytes(4)  # none: the file is compiled of the text of a certain time and size
_UNSIGNED = 0xFFFFFFFF


def find_by_name() -> None:
    """Import modules of ours by their names from here on, unless compiled files lie elsewhere than usual."""
    usual = sys.pycache_prefix is None and not sys.flags.optimize and sys.implementation.cache_tag
    if usual and _Finder not in sys.meta_path:
        sys.meta_path.insert(0, _Finder)


class _Compiled(SourceFileLoader):
    """Loads a module from its compiled file where that is of the text that lies beside it."""

    def __init__(self, name: str, path: str, cached: str, text: os.stat_result) -> None:
        super().__init__(name, path)
        self._cached = cached
        self._text = text

    def get_code(self, fullname: str) -> "CodeType | None":
        """Return a module's code, which Python itself compiles where there is none."""
        about = (int(self._text.st_mtime) & _UNSIGNED, self._text.st_size & _UNSIGNED)
        head = MAGIC_NUMBER + _FLAGS + b"".join(number.to_bytes(4, "little") for number in about)
        try:
            with open(self._cached, "rb", buffering=0) as file:
                data = file.read()
        except OSError:
            data = b""
        if not data.startswith(head):
            return super().get_code(fullname)
        code: CodeType = loads(memoryview(data)[len(head) :])  # noqa: S302 - as Python itself does with this file
        _fix_co_filename(code, self.path)  # the package may have been moved with its compiled files
        return code


class _Finder:
    """Where Python asks for modules first."""

    @staticmethod
    def find_spec(name: str, path: "Sequence[str] | None" = None, target: object = None) -> ModuleSpec | None:
        """Return where a module of ours lies; None for all others, and where no file has its name."""
        if not name.startswith(_OURS) or not path:
            return None
        folder, stem = path[0], name.rpartition(".")[2]
        is_room = False
        try:
            text = os.stat(f"{folder}/{stem}.py")
        except OSError:
            folder, stem, is_room = f"{folder}/{stem}", "__init__", True
            try:
                text = os.stat(f"{folder}/{stem}.py")
            except OSError:
                return None
        place, cached = f"{folder}/{stem}.py", f"{folder}/__pycache__/{stem}.{sys.implementation.cache_tag}.pyc"
        spec = ModuleSpec(name, _Compiled(name, place, cached, text), origin=place, is_package=is_room)
        spec.has_location = True
        spec.cached = cached
        if is_room:
            spec.submodule_search_locations = [folder]
        return spec
