"""What modules on the path of a hook take from `typing` without importing it, which takes half of Python's own start.

Type checkers see `typing` itself. At run time most of its names are read by nobody, and a class of named tuples is
made whole, by `collections.namedtuple`, when its first row is made: a cached check defines forty and needs few.
"""

from __future__ import annotations

TYPE_CHECKING = False

if TYPE_CHECKING:
    from typing import Any as Any
    from typing import Literal as Literal
    from typing import NamedTuple as NamedTuple
    from typing import NoReturn as NoReturn
    from typing import Protocol as Protocol
    from typing import TextIO as TextIO
    from typing import TypeVar as TypeVar
else:
    Any = NoReturn = Protocol = TextIO = object
    Literal = list  # takes anything in brackets
    TypeVar = str  # takes a name

    class _Making(type):
        """Makes of `class Row(NamedTuple)` a class of tuples that knows its fields, and no more until it has a row."""

        def __new__(kind, name, bases, space):
            if not bases:
                return super().__new__(kind, name, bases, space)
            fields = tuple(space.get("__annotations__", ()))
            space |= {
                "__slots__": (),
                "_fields": fields,
                "_field_defaults": {field: space.pop(field) for field in fields if field in space},
                "_make": classmethod(lambda made, values: made(*values)),
                "__new__": _make_first,
            }
            return type(name, (tuple,), space)

    class NamedTuple(metaclass=_Making):
        """A tuple with names for its values: `typing.NamedTuple`, made whole when first used."""

    def _make_first(made, /, *values, **named):
        """Make a class whole and return its first row."""
        from collections import namedtuple

        own = next(base for base in made.__mro__ if "_fields" in base.__dict__)
        whole = namedtuple(own.__name__, own._fields, defaults=own._field_defaults.values())
        for name in ("__new__", "_make", "_replace", "_asdict", "__getnewargs__", "__match_args__", *own._fields):
            setattr(own, name, whole.__dict__[name])
        if "__repr__" not in own.__dict__:
            own.__repr__ = whole.__repr__
        return made(*values, **named)
