"""The interface says everything in Spanish and French too, the same thing in each, and in the words of the field."""

import os
import re

import pytest

from drafts.text.blocks import Language
from workspace import catalogues
from workspace.paths import LOCALES
from workspace.web.i18n import messages
from workspace.web.i18n.catalogue import Catalogue

REFRESH = "run `python -m workspace.catalogues`, then translate what is empty in locales/*/LC_MESSAGES/workspace.po"
VOCABULARY = LOCALES.parent / "docs" / "vocabulary.md"
MOST_WORDS = 24_600  # of all English messages together: it only goes down
PLACEHOLDER = re.compile(r"%(?:\(\w+\))?[-#0 +]*[\w%]")


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
            assert said.gettext(message.id) == message.string
        elif message.id:
            assert (said.ngettext(*message.id, 1), said.ngettext(*message.id, 2)) == message.string
            assert said.ngettext(*message.id, 0) == message.string[language is not Language.FR]


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


def test_the_messages_get_no_longer(wanted):
    count = sum(len(re.findall(r"\w+", sentence)) for _, sentence in wanted)
    assert count <= MOST_WORDS, f"the English messages have {count} words: what can be left out?"
