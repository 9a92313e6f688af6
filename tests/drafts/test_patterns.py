"""Expressions that are compiled at their first use."""

import pkgutil
import re
from collections.abc import Iterator, Mapping, Sequence
from importlib import import_module
from types import ModuleType

import pytest

import drafts
import workspace.interchange.intake.mail_reader
from drafts.base.lazy_regex import _LazyPattern, lazy_regex


def test_it_finds_what_a_compiled_one_finds():
    words, compiled = lazy_regex(r"(?P<first>\w)\w*", re.IGNORECASE), re.compile(r"(?P<first>\w)\w*", re.IGNORECASE)
    said = "Towns share water."
    assert [one.span() for one in words.finditer(said)] == [one.span() for one in compiled.finditer(said)]
    assert words.sub(r"\g<first>", said) == compiled.sub(r"\g<first>", said) == "T s w."
    assert (words.pattern, words.flags, words.groupindex) == (compiled.pattern, compiled.flags, compiled.groupindex)


def test_a_mistake_is_raised_at_its_first_use():
    broken = lazy_regex("(")
    with pytest.raises(re.error, match="unterminated subpattern"):
        broken.search("anything")


def test_every_expression_of_the_program_can_be_compiled():
    packages = (drafts, workspace.interchange.intake.mail_reader)
    names = [
        one.name for package in packages for one in pkgutil.walk_packages(package.__path__, package.__name__ + ".")
    ]
    later = [one for name in names for one in found_in(vars(import_module(name)))]
    assert len(later) > 100
    for one in later:
        assert one.pattern


def expressions_in(package: ModuleType) -> Iterator[_LazyPattern]:
    for one in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
        yield from found_in(vars(import_module(one.name)))


def found_in(value: object) -> Iterator[_LazyPattern]:
    if isinstance(value, _LazyPattern):
        yield value
    elif isinstance(value, Mapping):
        for one in value.values():
            yield from found_in(one)
    elif isinstance(value, Sequence) and not isinstance(value, str):
        for one in value:
            yield from found_in(one)
