"""Structs that are filled from the attributes of a row; a file that was made."""

from typing import Self, TypeVar

from msgspec import Struct, convert

S = TypeVar("S", bound=Struct)


def filled(shape: type[S], row: object, /, **computed: object) -> S:
    """A struct whose fields are the attributes of `row` of the same names, except those that are given as `computed`.

    Raises `msgspec.ValidationError` for a value that is not of its field's type.
    """
    copied = {name: getattr(row, name) for name in shape.__struct_fields__ if name not in computed}
    return convert(copied | computed, shape, from_attributes=True)


class Shape(Struct, frozen=True):
    """A struct all of whose fields are attributes of a row."""

    @classmethod
    def of(cls, row: object, /) -> Self:
        """The row's attributes, those of related rows included where a field is a shape itself."""
        return convert(row, cls, from_attributes=True)


class MadeFile(Struct, frozen=True):
    """A file and the name under which it is saved: letters, digits, points and hyphens."""

    name: str
    content: bytes
    media_type: str
