"""The interface says everything in Spanish and French too, the same thing in each, and in the words of the field."""

import ast
import itertools
import os
import re

import pytest

from drafts.text.blocks import Language
from workspace import catalogues
from workspace.core import instruments
from workspace.paths import LOCALES
from workspace.web.i18n import messages
from workspace.web.i18n.catalogue import Catalogue

REFRESH = "run `python -m workspace.catalogues`, then translate what is empty in locales/*/LC_MESSAGES/workspace.po"
VOCABULARY = LOCALES.parent / "docs" / "vocabulary.md"
MOST_WORDS = 20_900  # of all English messages together: raised by a page in docs/decisions/, and no other way
PLACEHOLDER = re.compile(r"%(?:\(\w+\))?[-#0 +]*[\w%]")
GAP = re.compile(rf"{PLACEHOLDER.pattern}|{{[^}}]*}}|<[^>]+>")


def key(message):
    return message.context, message.id if isinstance(message.id, str) else message.id[0]


def forms(text):
    return [text] if isinstance(text, str) else list(text or [""])


def sentences(catalogue):
    return {key(message): message for message in catalogue if message.id}


@pytest.fixture(scope="module")
def wanted():
    return sentences(catalogues.extracted(LOCALES.parent))


@pytest.fixture(params=messages.TRANSLATED)
def language(request):
    return request.param


@pytest.fixture
def catalogue(language):
    return catalogues.read_catalogue(language)


def test_every_message_of_the_program_is_in_the_catalogue(wanted, catalogue):
    missing = sorted(sentence for context, sentence in set(wanted) - set(sentences(catalogue)))
    assert missing == [], REFRESH


def test_a_message_inside_an_f_string_is_collected_too(wanted):
    calls = (
        node
        for path in (LOCALES.parent / "workspace").rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call) and ast.unparse(node.func).rpartition(".")[2] in {"say", "gettext", "N_", "_"}
    )
    said = {node.args[0].value for node in calls if node.args and isinstance(node.args[0], ast.Constant)}
    assert len(said) > 1_000
    assert said - {sentence for _, sentence in wanted} == set(), "Babel collects none of these: say them outside"


def test_no_message_is_left_over_from_an_earlier_program(wanted, catalogue):
    left_over = sorted(sentence for context, sentence in set(sentences(catalogue)) - set(wanted))
    assert left_over == [], REFRESH
    assert not catalogue.obsolete, REFRESH


@pytest.mark.parametrize("second", ['_("One vote")', 'ngettext("One vote", "%(shown)s votes", 2)'])
def test_one_message_has_one_plural(tmp_path, second):
    (tmp_path / "pyproject.toml").write_text(
        '[[tool.babel.mappings]]\nmethod = "python"\npattern = "**.py"\n', encoding="utf-8"
    )
    (tmp_path / "said.py").write_text(f'ngettext("One vote", "%(n)s votes", 2)\n{second}\n', encoding="utf-8")
    with pytest.raises(ValueError, match="One vote"):
        catalogues.extracted(tmp_path)


def test_every_message_is_translated(catalogue):
    empty = [message.id for message in catalogue if message.id and not all(forms(message.string))]
    assert empty == [], REFRESH


def test_a_catalogue_is_sorted_and_names_no_files(language, catalogue):
    ids = [key(message)[1] for message in catalogue if message.id]
    assert ids == sorted(ids), REFRESH
    assert "\n#: " not in messages.catalogue_path(language).read_text(encoding="utf-8"), REFRESH


def test_the_program_says_what_the_catalogue_holds(language, catalogue):
    said = messages.messages(language).catalogue
    for message in catalogue:
        if isinstance(message.id, str) and message.id:
            assert said.gettext(message.id) == instruments.plain(message.string)
        elif message.id:
            few, many = map(instruments.plain, message.string)
            assert (said.ngettext(*message.id, 1), said.ngettext(*message.id, 2)) == (few, many)
            assert said.ngettext(*message.id, 0) == (few, many)[language is not Language.FR]


def test_what_is_a_guess_or_not_translated_yet_is_said_in_english(tmp_path):
    (tmp_path / "some.po").write_text(
        'msgid ""\nmsgstr ""\n"Language: es\\n"\n\n'
        '#, fuzzy\nmsgid "Draft"\nmsgstr "Sorteo"\n\n'
        'msgid "Vote"\nmsgstr ""\n\n'
        'msgid "Say \\"yes\\"\\n"\n"or \\\\no."\nmsgstr ""\n"Diga \\"sí\\"\\n"\n"o \\\\no."\n\n'
        '#~ msgid "Gone"\n#~ msgstr "Ido"\n\n'
        'msgid "a vote"\nmsgid_plural "votes"\nmsgstr[0] ""\nmsgstr[1] ""\n',
        encoding="utf-8",
    )
    said = Catalogue.read(tmp_path / "some.po")
    assert [said.gettext(message) for message in ("Draft", "Vote", "Gone")] == ["Draft", "Vote", "Gone"]
    assert said.gettext('Say "yes"\nor \\no.') == 'Diga "sí"\no \\no.'
    assert [said.ngettext("a vote", "votes", n) for n in (1, 2)] == ["a vote", "votes"]


def test_a_catalogue_that_is_changed_is_read_anew(tmp_path):
    path = tmp_path / "some.po"
    for moment, vote in enumerate(("voto", "votación")):
        path.write_text(f'msgid ""\nmsgstr ""\n"Language: es\\n"\n\nmsgid "Vote"\nmsgstr "{vote}"\n', encoding="utf-8")
        os.utime(path, (moment, moment))
        assert [Catalogue.read(path).gettext("Vote") for _ in range(2)] == [vote, vote]


def test_a_catalogue_in_a_folder_that_cannot_be_written_is_read(tmp_path):
    path = tmp_path / "some.po"
    path.write_text('msgid ""\nmsgstr ""\n"Language: es\\n"\n\nmsgid "Vote"\nmsgstr "voto"\n', encoding="utf-8")
    (tmp_path / "__pycache__").write_text("in the way")
    assert Catalogue.read(path).gettext("Vote") == "voto"


def test_no_translation_is_a_guess(catalogue):
    assert [message.id for message in catalogue if message.id and message.fuzzy] == []


def test_a_plural_message_has_every_form_of_its_language(catalogue):
    for message in catalogue:
        if message.id and message.pluralizable and any(forms(message.string)):
            assert len(forms(message.string)) == catalogue.num_plurals, message.id


def test_a_translation_takes_the_same_values_as_its_message(catalogue):
    for message in catalogue:
        for form in forms(message.string) if message.id else []:
            if form:
                allowed = [sorted(PLACEHOLDER.findall(one)) for one in forms(message.id)]
                assert sorted(PLACEHOLDER.findall(form)) in allowed, message.id


def test_a_moment_that_may_be_today_stands_where_today_can(catalogue):
    """`spoken` says "today 18:00" as well as "6 December, 18:00": nothing is on today, ni le aujourd’hui, ni el hoy."""
    templates = (LOCALES.parent / "workspace" / "web" / "templates").rglob("*.html")
    said = re.compile(r'_\("([^"]+)"[^{}]*?moment=(?:moment|deadline)\(')
    spoken = {words for template in templates for words in said.findall(template.read_text())}
    for message in catalogue:
        if message.id in spoken:
            for form in (message.id, message.string):
                assert not re.search(r"\b(on|le|au|jusqu’au|el) %\(moment\)s", form), form


def test_french_keeps_its_punctuation_on_the_line():
    for message in catalogues.read_catalogue(Language.FR):
        for form in forms(message.string) if message.id else []:
            assert not re.search(r" [;:!?»]|« |[^\s\u00a0\u202f«([]:(?!\w|//)|[^\s\u00a0\u202f][;!?](?!\w)", form), form


def test_a_french_singular_says_its_number_because_it_also_stands_for_none():
    for message in catalogues.read_catalogue(Language.FR):
        if message.id and message.pluralizable:
            few, many = message.string
            if set(PLACEHOLDER.findall(many)) - set(PLACEHOLDER.findall(few)):
                assert not re.match(r"une? ", few, re.IGNORECASE), few


def words_that_are_out():
    """Each row of the table in the vocabulary: language, the pattern of a word that is out, and what excuses it."""
    _, _, table = VOCABULARY.read_text(encoding="utf-8").partition("## Words that are out")
    for line in table.partition("\n## ")[0].splitlines():
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        if cells[0] in {"en", "es", "fr"}:
            excuses = [excuse.strip().casefold() for excuse in cells[3].split(",") if excuse.strip()]
            for word in cells[1].split(","):
                pattern = re.escape(word.strip()).replace(r"\*", r"\w*")
                yield cells[0], re.compile(rf"(?<!\w){pattern}(?!\w)", re.IGNORECASE), excuses


def said_in(language, wanted):
    if language == "en":
        return [form for message in wanted.values() for form in forms(message.id)]
    return [form for message in catalogues.read_catalogue(Language(language)) for form in forms(message.string)]


def test_no_message_uses_a_word_that_is_out(wanted):
    rows, found = list(words_that_are_out()), []
    assert {language for language, _, _ in rows} == {"en", "es", "fr"}
    for language in ("en", "es", "fr"):
        for form in said_in(language, wanted):
            text = PLACEHOLDER.sub("%", form)
            found += [
                f"{language}: {pattern.pattern}: {form}"
                for of, pattern, excuses in rows
                if of == language and pattern.search(text) and not any(excuse in text.casefold() for excuse in excuses)
            ]
    assert found == [], f"say it in the words of {VOCABULARY.name}"


def test_a_colon_is_written_as_its_language_has_it():
    """French has a space before it: a template takes it from the catalogue, within a message or alone."""
    found = []
    for template in sorted((LOCALES.parent / "workspace" / "web" / "templates").rglob("*.html")):
        text = re.sub(r"(?s)\{%-? trans\b.*?endtrans -?%\}|\{#.*?#\}", "", template.read_text(encoding="utf-8"))
        found += [f"{template.name}: {each}" for each in re.findall(r"\}\}: ?[<{]|>: ?\{\{", text)]
    assert found == []


def test_the_messages_get_no_longer(wanted):
    """Words that are read: what a message leaves a place for counts where it is written."""
    count = sum(len(re.findall(r"\w+", GAP.sub(" ", sentence))) for _, sentence in wanted)
    assert count <= MOST_WORDS, f"the English messages have {count} words: what can be left out?"


NAMED_OTHERWISE = {  # where a word of an instrument is none: the English, and why
    r"\b[Ss]ign(s|ed|ing)?\b|sign-in|\buser (end-)?sessions\b|[Bb]rowser|account": "a Spanish sesión is also a sign-in",
    r"\bsitting\b": "of the plenary, as a gathering of people",
    r"FORUM/DECLARATION|DECLARATION\b|workspace import|--dry-run|is not a role": "what one types in a command",
    r"^A declaration is drafted|^From session notes to a signed": "said of the workspace, with no forum in hand",
}
NO_GENDER = {  # words inside marks that are the same in both genders, or melt into what follows
    "es": "a al de del anterior sus",
    "fr": "à au de du d l cet autre les même non nouvel plus propre que qu sous votre",
}


def names_of(language, instrument):
    (first, *_) = instruments.NAMES[instrument]
    return instruments.forms(instrument, first, language)[:2]


def unmarked(text):
    return re.sub(r"\{[dasmc]:[^{}]*\}|%\(\w+\)s", "", text)


def marks(language):
    for message in catalogues.read_catalogue(language):
        for form in forms(message.string) if message.id else []:
            yield from ((form, letter, words) for letter, words in re.findall(r"\{([dasmc]):([^{}]*)\}", form))


def test_what_names_an_instrument_is_marked(language, catalogue):
    left = []
    for message in catalogue:
        english = " ".join(forms(message.id)) if message.id else ""
        if any(re.search(pattern, english) for pattern in NAMED_OTHERWISE):
            continue
        for form, instrument in itertools.product(forms(message.string) if message.id else (), instruments.NAMES):
            words = "|".join(names_of(language, instrument))
            if re.search(rf"(?<![\w(])(?:sub|sous-)?(?:{words})(?![\w)])", unmarked(form), re.IGNORECASE):
                left.append(form)
    assert left == [], "mark it as the docstring of workspace/core/instruments.py says, or say why it is no instrument"


def test_every_word_in_a_mark_can_agree(language):
    known = {*NO_GENDER[language].split(), *" ".join(instruments.AGREEING[language]).split()}
    for form, letter, words in marks(language):
        nouns = next(names_of(language, of) for of in instruments.NAMES if of[0] == letter)
        bare = re.findall(r"[^\W\d]+", PLACEHOLDER.sub("", re.sub("<[^>]*>", "", words)).casefold())
        assert {word.removeprefix("sub") for word in bare} <= {*known, *nouns}, form


MELTS = {"es": r"\b(?:del?|al?|el|la|una?)\s\{[dsc]:", "fr": r"\b(?:(?:du|au|à|le|la|une?|de|ce|cet)\s|[dl]’)\{[dasc]:"}


def test_what_melts_into_an_article_is_inside_the_mark(language):
    assert [form for form, _, _ in marks(language) if re.search(MELTS[language], form, re.IGNORECASE)] == []


TORN = {  # what no name leaves behind
    "es": r"\b(?:a|de) el\b",
    "en": r"\ban [^aeiou\W]\w*|\ba [aeio]\w*",
    "fr": r"\b(?:de|à) les?\b|\b(?:l[ea]|de|ce) (?:appel|atelier|audition|amendement)",
}


def every_form(said, ids):
    return [
        form
        for each in ids
        for form in ([said.gettext(each)] if isinstance(each, str) else [said.ngettext(*each, n) for n in (1, 2)])
    ]


@pytest.fixture(scope="module", params=messages.LANGUAGES)
def plain(request, wanted):
    """A language, and every message in it with the first names."""
    ids = [each.id for each in wanted.values()]
    return request.param, ids, every_form(messages.messages(request.param).catalogue, ids)


@pytest.mark.parametrize("place", range(1, max(map(len, instruments.NAMES.values()))))
def test_every_name_can_be_said_in_every_message(plain, place):
    spoken, ids, before = plain
    with instruments.named({of: [*names][place % len(names)] for of, names in instruments.NAMES.items()}):
        after = every_form(messages.messages(spoken).catalogue, ids)
    changed = [(old, new) for old, new in zip(before, after, strict=True) if old != new]
    assert changed
    for old, new in changed:
        assert sorted(PLACEHOLDER.findall(new)) == sorted(PLACEHOLDER.findall(old))
        assert not re.search(r"\{[dasmc]:", new), new
        assert len(re.findall(TORN[spoken], new, re.IGNORECASE)) <= len(re.findall(TORN[spoken], old, re.IGNORECASE)), (
            new
        )
