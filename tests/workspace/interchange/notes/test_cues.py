"""Each cue of the rules finds its own examples, leaves the others alone, and has the effect of its kind."""

import pytest

from workspace.interchange.notes.recommendations import find_cue, is_set_aside
from workspace.interchange.notes.rules import ALL, Rule, RuleKind, pattern

EVERY = [
    pytest.param(code, kind, rule, id=f"{code}-{kind}-{number}")
    for code, cues in ALL.items()
    for kind, rules in cues.cues.items()
    for number, rule in enumerate(rules)
]


@pytest.mark.parametrize(("code", "kind", "rule"), EVERY)
def test_a_cue_is_found_in_its_examples_and_not_in_the_others(code: str, kind: RuleKind, rule: Rule):
    form = pattern(code, rule.cue)

    assert rule.yes
    assert [words for words in rule.yes if not form.search(words)] == []
    assert [words for words in rule.no if form.search(words)] == []
    if kind in {"asks", "hedges"}:
        assert [words for words in rule.yes if not find_cue(words, [code]) or is_set_aside(words, [code])] == []
    if kind in {"refusals", "procedure", "speech"}:
        assert [words for words in rule.yes if find_cue(words, [code]) and not is_set_aside(words, [code])] == []


@pytest.mark.parametrize("code", ALL)
def test_every_kind_of_cue_is_there_in_every_language(code: str):
    assert set(ALL[code].cues) == set(ALL["en"].cues)
