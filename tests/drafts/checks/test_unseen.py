"""Translations by writers who knew neither the checks nor each other: 518 with one fault, 395 right.

What is right is full of what a checker could take for a fault. A wrong reference or date counts as found where it is
found as a number, and a number where its limit, its unit or its time of day is.

`first.json`, read for the first time, had of 12 negations 4 found, of 11 changes of force 7, of 12 numbers 11, of 10
dates 9, and 10 of 60 right translations raised an alarm, two of them for list items that the writer had marked as in
Spanish (put right since). The checks were mended by it. `second.json` came after that and nothing was mended by it: of
16 negations 13, of 12 changes of force 11, of 12 numbers 9, of 10 dates 9, and 2 alarms of 40.

Then came the checks of exchanged words. `third.json`, read for the first time, had of 16 negations 8 found, of 14
changes of force 7, all 16 numbers, 10 dates and 6 references, and 14 of 50 right ones raised an alarm, 5 of them for
nothing but an ordinary space before a French mark, which is a fault indeed. The checks were mended by it. `fourth.json`
came last and nothing was mended by it: of 16 negations 11, of 12 changes of force 7, all 14 numbers, 10 dates and 4
references, and 21 alarms of 40 right ones, which recast whole sentences; 4 of them for nothing but such a space.

The other four are for denials above all. Before exceptions, restrictions and what ceases were compared, they had 3 of
12, 10 of 30, 10 of 40 and 11 of 40 negations found, and 6 of 45, 15 of 50, 6 of 60 and 4 of 50 right ones with an
alarm. The checks were mended by `fifth.json` and `sixth.json`; `seventh.json`, read after that, had 16 of 40 and 5 of
60, and mended them again; `eighth.json`, read after that, 18 of 40 and 4 of 50, and mended them too, as what stands
below shows.

Exchanged opposites and names, and what is left out, were learned from the others: `sixth.json` was only counted. Any
finding named 2 of its 15 omissions before and 5 after, and no more than its 11 right ones raised an alarm. Of the 40 of
`fourth.json` two more did, and were put right.
"""

import json
from collections import Counter
from functools import cache
from pathlib import Path

import pytest

from drafts.checks import CATALOGUE, House, Pair, Severity, check_pair
from drafts.text.blocks import Language

UNSEEN = Path(__file__).parent / "unseen"
CLEAN = "clean"
AS_OTHERS = {
    "ref_mismatch": {"number_mismatch"},
    "date_mismatch": {"number_mismatch"},
    "number_mismatch": {"limit_mismatch", "unit_mismatch", "date_mismatch"},
}
LEAST = {  # of each kind of fault, as many as must be found; `clean` is how many of the right ones raise no alarm
    "first": {CLEAN: 60, "negation": 12, "modal_mismatch": 11, "number_mismatch": 11, "date_mismatch": 10}
    | {"ref_mismatch": 9, "acronym_mismatch": 2, "untranslated_fragment": 3, "fr_spacing": 3, "url_mismatch": 2},
    "second": {CLEAN: 40, "negation": 16, "modal_mismatch": 12, "number_mismatch": 12, "date_mismatch": 10},
    "third": {CLEAN: 43, "negation": 14, "modal_mismatch": 12, "number_mismatch": 16, "date_mismatch": 10}
    | {"ref_mismatch": 6, "acronym_mismatch": 4, "untranslated_fragment": 4},
    "fourth": {CLEAN: 27, "negation": 13, "modal_mismatch": 7, "number_mismatch": 14, "date_mismatch": 10}
    | {"ref_mismatch": 4, "acronym_mismatch": 2, "untranslated_fragment": 2},
    "fifth": {CLEAN: 42, "negation": 6, "modal_mismatch": 9, "number_mismatch": 12, "date_mismatch": 9}
    | {"name_mismatch": 6, "meaning_mismatch": 5, "omission": 4},
    "sixth": {CLEAN: 39, "negation": 24, "name_mismatch": 7, "meaning_mismatch": 7, "omission": 3},
    "seventh": {CLEAN: 55, "negation": 29},
    "eighth": {CLEAN: 47, "negation": 28},
}


@cache
def found(name: str) -> Counter[str]:
    right = Counter[str]()
    for row in json.loads((UNSEEN / f"{name}.json").read_text(encoding="utf-8")):
        languages = Language(row["from"]), Language(row["to"])
        findings = check_pair(Pair.of(row["source"], row["target"], languages=languages, house=House()))
        said = {finding.check for finding in findings if CATALOGUE[finding.check].severity is not Severity.INFO}
        wanted = {row["kind"]} | AS_OTHERS.get(row["kind"], set())
        right[row["kind"]] += not said if row["kind"] == CLEAN else bool(wanted & said)
    return right


@pytest.mark.parametrize(("name", "kind"), [(name, kind) for name, kinds in LEAST.items() for kind in kinds])
def test_faults_are_found_and_right_translations_raise_no_alarm(name, kind):
    assert found(name)[kind] >= LEAST[name][kind], found(name)
