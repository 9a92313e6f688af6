"""Every check on clean and on faulty translations, in the directions between the three languages.

`clean.txt` holds paragraphs in three languages that are right; `faulty.txt` one
fault each, under the check that must name it.
"""

import itertools
import re
from collections import Counter
from pathlib import Path

import pytest

from drafts.checks import CATALOGUE, Acronym, House, Pair, Profile, Scope, Severity, Term, check_pair
from drafts.text.blocks import Language

HERE = Path(__file__).parent
EN, ES, FR = Language.EN, Language.ES, Language.FR
DIRECTIONS = list(itertools.permutations(Language, 2))


def spaced(text):
    return (
        re.sub(r"\\u([0-9a-f]{4})", lambda found: chr(int(found[1], 16)), text)
        .replace("~", "\u00a0")
        .replace("¬", "\u202f")
    )


def paragraphs(name):
    return [part.split("\n") for part in (HERE / name).read_text().strip().split("\n\n")[1:]]


CLEAN = [{Language(line[:2]): spaced(line[4:]) for line in lines} for lines in paragraphs("clean.txt")]
FAULTY = [
    (*(part.strip() for part in head.split("|")), spaced(source[2:]), spaced(target[2:]))
    for head, source, target in paragraphs("faulty.txt")
]


def found(source, target, languages, house=None, **more):
    pair = Pair.of(source, target, languages=languages, house=house or House(), **more)
    return [finding.check for finding in check_pair(pair)]


def fix_of(check, target, source="Cities act.", languages=(EN, ES)):
    findings = check_pair(Pair.of(source, target, languages=languages, house=House()))
    return next(finding.fix for finding in findings if finding.check == check)


@pytest.mark.parametrize("languages", DIRECTIONS, ids="{0[0]}-{0[1]}".format)
def test_nothing_is_found_in_clean_translations(languages):
    alarms = {}
    for row in CLEAN:
        checks = found(row[languages[0]], row[languages[1]], languages)
        if checks:
            alarms[row[languages[1]]] = checks
    assert alarms == {}


@pytest.mark.parametrize(("check", "one", "other", "source", "target"), FAULTY)
def test_a_fault_is_named(check, one, other, source, target):
    assert check in found(source, target, (Language(one), Language(other)))


def test_every_check_of_pairs_has_faults_to_find():
    tried = Counter(fault[0] for fault in FAULTY)
    checks = [check.id for check in CATALOGUE.values() if check.scope is Scope.PAIR]
    apart = {"glossary_mismatch", "glossary_forbidden", "spelling"}  # they need a glossary, a dictionary
    assert [check for check in checks if tried[check] < 3 and check not in apart] == []


def test_an_empty_target_is_nothing_but_empty():
    assert found("See https://a.example.org in 2026 (really)?", " ", (EN, ES)) == ["empty"]


def test_what_was_left_as_the_source_is_not_also_in_a_wrong_language():
    assert found("Cities must act now.", "Cities must act now.", (EN, ES)) == ["same_as_source"]


def test_names_symbols_and_cognates_may_stay_as_they_are():
    for text in (
        "Ana Ruiz Pérez",
        "A/RES/70/1",
        "UN-Habitat 2026",
        "Participation, inclusion, innovation",
        "Metropolis",
    ):
        assert "same_as_source" not in found(text, text, (EN, FR)), text


@pytest.mark.parametrize(
    ("check", "target", "mended"),
    [
        ("percent_spacing", "Es el 20%.", "Es el 20\u00a0%."),
        ("double_space", "Las  ciudades.", "Las ciudades."),
        ("repeated_word", "Las ciudades del del mundo.", "Las ciudades del mundo."),
        ("invisible_char", "Ciu\u200bdades.", "Ciudades."),
        ("ordinal_format", "La 5ª sesión.", "La 5.ª sesión."),
        ("month_case", "El 24 de Junio.", "El 24 de junio."),
        ("enumerator_mismatch", "(a) actuar.", "a) actuar."),
        ("es_inverted", "Sí. Quién decide?", "Sí. ¿Quién decide?"),
        ("quote_style", "La “ciudad”.", "La «ciudad»."),
    ],
)
def test_what_is_mechanical_comes_mended(check, target, mended):
    source = {"enumerator_mismatch": "(a) act.", "month_case": "On 24 June."}.get(check, "Cities act.")
    assert fix_of(check, target, source) == mended


def test_a_fix_is_not_found_fault_with_again():
    for check, one, other, source, target in FAULTY:
        languages = (Language(one), Language(other))
        for finding in check_pair(Pair.of(source, target, languages=languages, house=House())):
            if finding.check == check and finding.fix is not None:
                assert check not in found(source, finding.fix, languages), (check, target, finding.fix)


def test_the_profile_decides_where_usages_differ():
    target = "La “ciudad” suma el 20%."
    source = "The “city” adds 20%."
    assert found(source, target, (EN, ES)) == ["percent_spacing", "quote_style"]
    assert found(source, target, (EN, ES), House(Profile.UN)) == []
    french = "Qui décide ? La «ville»."
    assert found("Who decides? The “city”.", french, (EN, FR), House(Profile.EU)) == ["fr_spacing"]


HOUSE = House(
    terms=(
        Term(es=("gobierno local",), en=("local government",), fr=("collectivité territoriale", "gouvernement local")),
        Term(
            es=("desarrollo sostenible",), en=("sustainable development",), forbidden={ES: ("desarrollo sustentable",)}
        ),
    ),
    acronyms=(Acronym(es=("RCM",), en=("WNC",), fr=("RMV",)),),
)


def test_the_agreed_wording_is_known_whatever_its_inflection():
    assert found("Local governments act.", "Los gobiernos locales actúan.", (EN, ES), HOUSE) == []
    assert found("Local governments act.", "Las autoridades actúan.", (EN, ES), HOUSE) == ["glossary_mismatch"]
    assert found("Los gobiernos locales actúan.", "Les collectivités territoriales agissent.", (ES, FR), HOUSE) == []


def test_a_kindred_word_is_no_use_of_a_term():
    house = House(terms=(Term(es=("parada",), en=("stop",), fr=("arrêt",)), Term(en=("objection",), fr=("objection",))))
    assert found("Las ciudades actúan para todos.", "Cities act for all.", (ES, EN), house) == []
    assert found("Chaque parada de bus.", "A bus.", (FR, EN), house) == []
    assert found("L’objectif est clair.", "The aim is clear.", (FR, EN), house) == []
    assert found("Las paradas cierran.", "The stations close.", (ES, EN), house) == ["glossary_mismatch"]
    assert found("Les objections sont claires.", "The aims are clear.", (FR, EN), house) == ["glossary_mismatch"]


def test_a_conjunction_may_part_an_agreed_wording():
    spanish = "Los gobiernos locales y regionales actúan."
    assert found(spanish, "Local and regional governments act.", (ES, EN), HOUSE) == []
    assert found(spanish, "Local actors and other governments act.", (ES, EN), HOUSE) == []
    assert found(spanish, "Local people trust their governments and act.", (ES, EN), HOUSE) == ["glossary_mismatch"]


def test_a_wording_that_is_ruled_out_is_named():
    faulty = "El desarrollo sustentable importa."
    assert found("Sustainable development matters.", faulty, (EN, ES), HOUSE) == ["glossary_forbidden"]


def test_a_forum_has_abbreviations_of_its_own():
    assert found("WNC acts.", "WNC actúa.", (EN, ES), HOUSE) == ["acronym_mismatch"]
    assert found("WNC acts.", "RCM actúa.", (EN, ES), HOUSE) == []


def test_a_forum_weighs_a_check_otherwise():
    house = House(severities={"end_punct": "info"})
    [finding] = check_pair(Pair.of("Cities act.", "Las ciudades actúan", languages=(EN, ES), house=house))
    assert [finding.check, finding.severity] == ["end_punct", Severity.INFO]


def test_findings_say_where():
    target = "Tiene 1.600 miembros."
    [finding] = check_pair(Pair.of("It has 1,500 members.", target, languages=(EN, ES), house=House()))
    assert [finding.source, finding.target] == [("1,500",), ("1.600",)]
    assert [target[start:end] for start, end in finding.spans] == ["1.600"]


def changed_digit(text):
    place = re.search(r"\d", text)
    return text[: place.start()] + str((int(place[0]) + 3) % 10) + text[place.end() :] if place else text


def test_a_figure_that_changes_never_passes_unseen():
    """Whether it is a number, a date, a symbol, an enumerator or a footnote, some check that is an error says so."""
    unseen = []
    for row, (one, other) in itertools.product(CLEAN, DIRECTIONS):
        broken = changed_digit(row[other])
        if broken != row[other]:
            pair = Pair.of(row[one], broken, languages=(one, other), house=House())
            if not any(finding.severity is not Severity.INFO for finding in check_pair(pair)):
                unseen.append(broken)
    assert unseen == []


def test_every_exchange_of_one_kind_is_told_at_once():
    texts = "We pay 20 euros a month.", "Pagamos 20 dólares al año."
    pair = Pair.of(*texts, languages=(EN, ES), house=House())
    [finding] = [each for each in check_pair(pair) if each.check == "unit_mismatch"]
    assert sorted(texts[1][start:end] for start, end in finding.spans) == ["año", "dólares"]
