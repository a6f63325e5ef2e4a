"""What a kind's front matter may be, as plain data that pydantic's core alone can hold records against.

Building a kind's model costs more than everything else that judges one file: 15 times the start of Python. What
the model builds in the end is one schema for pydantic's core. That schema is plain data, but for the functions and
classes it names; so it is kept between processes (loader/kept_forms.py), and the same core judges by it. There is
no second validator: a form is made of the model (loader/form_of_model.py) and refuses what the model refuses.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from functools import cache

from servicebook.records import readings
from servicebook.records.references import finder_of_refs
from servicebook.typed import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from servicebook.records.facts import Ref

READINGS = readings.__name__
"""The module whose functions a schema may name."""

CLASS, FUNCTION = "$class", "$function"
"""Keys of the data that stand for what JSON cannot hold: a model by its name, a function of READINGS by its name."""


class Form:
    """What front matter of one kind may be: held against it, walked for references, asked for its fields.

    `fields`: names to the fields of the block that stands there, or to None for plain values.
    """

    def __init__(self, data: Mapping[str, Any]) -> None:
        core = pydantic_core()
        self._refused = core.ValidationError
        self._check = core.SchemaValidator(_revived(data["core"])).validate_python
        self.fields: dict[str, Any] = data["fields"]
        self.refs: Callable[[Mapping[str, Any]], tuple[Ref, ...]] = finder_of_refs(data["refs"])

    def refusals(self, front: Mapping[str, Any]) -> list[Any]:
        """Return what the model refuses in front matter, as pydantic tells it; empty when it takes all of it."""
        try:
            self._check(front)
        except self._refused as error:
            found: list[Any] = error.errors(include_url=False)
            return found
        return []


def _revived(data: Any) -> Any:
    """Return a schema with its functions, and a bare class for each model: nobody looks at what is validated."""
    if isinstance(data, list):
        return [_revived(item) for item in data]
    if not isinstance(data, dict):
        return data
    if FUNCTION in data:
        return getattr(readings, data[FUNCTION])
    if CLASS in data:
        return type(data[CLASS], (), {})
    return {key: _revived(value) for key, value in data.items()}


@cache
def pydantic_core() -> Any:
    """Return pydantic's compiled core.

    The package around it spends four fifths of its 35 ms on type declarations of schemas, for those who write
    schemas by hand; where it is not imported yet, the compiled module is loaded without it, under its own name, so
    that the package finds it when it comes later.
    """
    name = "pydantic_core._pydantic_core"
    if name in sys.modules:
        return sys.modules[name]
    from _frozen_importlib_external import PathFinder  # as `importlib.machinery` has it, without its other parts

    package = PathFinder.find_spec("pydantic_core")
    spec = package and PathFinder.find_spec(name, package.submodule_search_locations)
    if not spec or not spec.loader:
        return _of_the_package()
    module = spec.loader.create_module(spec)
    if module is None:
        return _of_the_package()
    sys.modules[name] = module
    spec.loader.exec_module(module)
    return module


def _of_the_package() -> Any:
    __import__("pydantic_core._pydantic_core")
    return sys.modules["pydantic_core._pydantic_core"]
