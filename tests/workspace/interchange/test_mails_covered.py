"""No word of a mail is lost, no new text is cut, and whatever speaks against a request leaves its box empty."""

import re
from collections import Counter
from itertools import product

import pytest
from hypothesis import assume
from hypothesis import strategies as st

from tests.support.laws import law
from tests.workspace.interchange.side_door_cases import Case, cases, read
from tests.workspace.interchange.test_side_door import sent
from workspace.interchange.intake.mail_reader.message import parse_message
from workspace.interchange.intake.mail_reader.requests import mail_requests

ASKED = {
    "en": ["Delete paragraph 4.", "Paragraph 1: replace “Towns” by “Cities”."],
    "es": ["Suprimir el párrafo 4.", "Párrafo 1: sustituir «ciudades» por «villas»."],
    "fr": ["Supprimer le paragraphe 4.", "Paragraphe 1 : remplacer « villes » par « communes »."],
}
AGAINST = {
    "en": [
        "Forget this one.",
        "That is what the region wants, and we do not.",
        "On second thoughts we would rather keep it.",
        "This holds only where the second alternative is lost.",
        "Unless the chair drops her own text.",
        "Please disregard what stands above.",
        "We take back the request below.",
        "Our council has since changed its mind.",
        "In case amendment 3 is carried:",
        "What the ports asked for, and what we vote against:",
        "Nothing of this is ours any more.",
        "Provided that paragraph 2 stays as it is.",
        "Should the vote fail:",
    ],
    "es": [
        "Olviden lo anterior.",
        "Retiramos esta propuesta.",
        "Esto no lo pedimos nosotros.",
        "Siempre que decaiga la enmienda 7.",
        "Salvo que la mesa lo rechace.",
        "Lo que pide la provincia y nosotros rechazamos:",
        "Si no prospera la alternativa B:",
        "Ya no lo mantenemos.",
        "En caso contrario, nada.",
        "Se oponen a ello las islas.",
        "Queda sin efecto.",
    ],
    "fr": [
        "Oubliez ce qui précède.",
        "Nous retirons cette demande.",
        "Ce n'est pas notre souhait.",
        "À condition que l'amendement 7 tombe.",
        "Sauf si la présidence y renonce.",
        "Ce que demande la région et que nous refusons :",
        "Si la variante B échoue :",
        "Nous n'y tenons plus.",
        "Dans le cas contraire, rien.",
        "Demande caduque.",
    ],
}
REFUSED = {
    "en": [
        "We cannot agree to delete paragraph 4.",
        "There is no need to delete paragraph 4.",
        "Delete paragraph 4 once amendment 7 is rejected.",
        "Nobody here wants paragraph 4 deleted.",
        "Paragraph 4 was deleted.",
        "Delete paragraph 4.||Best regards|Ana||PS: forget it.",
        "Delete paragraph 4.|Thanks!|On second thoughts, we keep it.",
        "Delete paragraph 4. In fact leave paragraph 4 alone.",
        "Delete paragraph 4.|Paragraph 4: forget that, our council likes it.",
        "We hesitate to delete paragraph 4.",
        "Paragraph 4|Original: water|Proposed: keep",
        "Paragraph 4|Original: water|Proposed: no change",
        "Paragraph 4|Original: water|Proposed: do not delete",
        "Para | Original | Proposed | Remark of ours|4 | water | wine | only if 7 falls",
        "Paragraph 4 should read: Cities pay 20 euros. We withdraw our earlier amendment.",
        "Paragraph 4|Original: water|Proposed: wine|Reason: only if amendment 7 falls",
    ],
    "es": [
        "Nos negamos a suprimir el párrafo 4.",
        "No ha lugar a suprimir el párrafo 4.",
        "Suprimieron el párrafo 4.",
        "El párrafo 4 se suprimió.",
        "Conviene no suprimir el párrafo 4.",
        "Suprimir el párrafo 4 si decae la enmienda 7.",
        "Párrafo 4|Texto actual: agua|Texto propuesto: sin cambios",
        "Párrafo 4|Texto actual: agua|Texto propuesto: se mantiene",
    ],
    "fr": [
        "Il n'y a pas lieu de supprimer le paragraphe 4.",
        "Nous ne voulons pas supprimer le paragraphe 4.",
        "On supprima le paragraphe 4.",
        "Gardons-nous de supprimer le paragraphe 4.",
        "Supprimer le paragraphe 4 si l'amendement 7 tombe.",
        "Paragraphe 4|Texte actuel : eau|Texte proposé : inchangé",
        "Paragraphe 4|Texte actuel : eau|Texte proposé : ne pas supprimer",
    ],
}
LANGUAGES = ("en", "es", "fr")

ASIDE = {  # a whole mail around the request
    "en": [
        "Dear colleagues, we do not support what the region asks for:||%s",
        "Dear all, please ignore the following, it was sent in error:||%s",
        "Hi all, only if amendment B falls:||%s",
        "Dear friends, our mayor likes the old text better:||%s",
        "From: a@b.org|Subject: Withdrawal: we no longer ask for this||%s",
        "From: a@b.org|Subject: Cancelled||%s",
        "The city has withdrawn this, see below.||%s",
        "They changed their mind since.||%s",
        "%s||Cheers|Luis|we may still revoke it",
        "%s||Best regards|Ana|Unless the chair drops it",
        "%s||Thanks|Ana|Please forget all this",
    ],
    "es": [
        "Estimados colegas, retiramos lo que sigue:||%s",
        "Hola, olviden lo siguiente:||%s",
        "De: a@b.org|Asunto: Desistimos de la enmienda||%s",
        "La ciudad renuncia a esto.||%s",
        "%s||Saludos|Ana|queda pendiente de aprobación",
        "%s||Saludos|Ana|A menos que la mesa lo asuma",
    ],
    "fr": [
        "Chers collègues, oubliez ce qui suit :||%s",
        "Bonjour, nous tenons au texte actuel :||%s",
        "De: a@b.org|Objet: Annulation||%s",
        "La ville y renonce, voir plus bas.||%s",
        "Elle a changé d'avis.||%s",
        "%s||Cordialement|Ana|Pourvu que la variante B tombe",
    ],
}
_PASSED_ON = "||---------- Forwarded message ---------|From: Ana <ana@b.org>|Subject: amendments||%s"


def heard(words: str, language: str):
    """What a mail proposes to the text of the golden requests."""
    mail = parse_message(words.encode())
    found = read(Case(words, (), next(cases(language)).text), mail_requests(mail.said, mail.subject, mail.apart))
    return mail, found


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_request_alone_is_sure(language):
    for asked in ASKED[language]:
        _, found = heard(asked, language)
        assert [draft.is_sure for draft in found.proposals] == [True], asked


@pytest.mark.parametrize("language", LANGUAGES)
def test_whatever_else_is_said_before_or_after_a_request_leaves_it_to_a_person(language):
    for asked, against, gap in product(ASKED[language], AGAINST[language], (" ", "\n", "\n\n")):
        for words in (f"{asked}{gap}{against}", f"{against}{gap}{asked}", f"{against}{gap}- {asked}"):
            _, found = heard(words, language)
            assert not [draft for draft in found.proposals if draft.is_sure], words


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_is_refused_conditioned_or_past_is_no_request(language):
    for line in REFUSED[language]:
        _, found = heard(line.replace("|", "\n") if " | " not in line else line.replace("|4", "\n4"), language)
        assert not [draft for draft in found.proposals if draft.is_sure], line


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_is_said_in_greeting_subject_cover_or_after_leave_leaves_a_request_to_a_person(language):
    for asked, around in product(ASKED[language], ASIDE[language]):
        cover = around.endswith(".||%s")
        words = (around.removesuffix("||%s") + _PASSED_ON if cover else around).replace("|", "\n") % asked
        _, found = heard(words, language)
        assert [draft.is_sure for draft in found.proposals] == [False], words


@pytest.mark.parametrize(
    "around",
    [
        "Dear Ms. Ruiz,||%s||Best regards|Luis",
        "Good morning, dear colleagues,||%s||Thanks|Ana",
        "From: a@b.org|Subject: amendments||Hi all,|%s",
        f"FYI{_PASSED_ON}",
        "%s||Regards|Ana||On 3 May 2027 the office wrote:|> We do not take anything if it is late.",
    ],
)
def test_greeting_subject_signature_and_quotation_leave_a_request_sure(around):
    _, found = heard(around.replace("|", "\n") % ASKED["en"][0], "en")
    assert [draft.is_sure for draft in found.proposals] == [True]


@pytest.mark.parametrize("language", LANGUAGES)
def test_thanks_and_introductions_leave_a_request_sure(language):
    thanks = {
        "en": "Thank you for the draft. Please find our amendments below:",
        "es": "Gracias por el borrador. Nuestras enmiendas son las siguientes:",
        "fr": "Merci pour le projet. Voici nos amendements :",
    }
    for asked in ASKED[language]:
        _, found = heard(f"{thanks[language]}\n\n- {asked}", language)
        assert [draft.is_sure for draft in found.proposals] == [True], asked


@pytest.mark.parametrize(
    "words",
    [
        "Paragraph 4 should read:\nCities pay 20 million euros by the end of\n31. December 2029.",
        "Paragraph 4 should read:\nCities pay 20 million euros.\nThey do so before 2029.",
        "Paragraph 4 should read: Cities pay 20 million euros to all.\n2029 is the last year.",
        "Paragraph 4\nOld text: Mayors\nNew text: Cities pay 20 million euros before\n2029.",
        "El párrafo 4 quedaría así:\nLas ciudades pagan 20 millones de euros antes de\n2029.",
        "Le paragraphe 4 devrait se lire :\nLes villes paient 20 millions d'euros avant\n2029.",
    ],
)
def test_a_new_text_goes_on_to_its_last_number(words):
    _, found = heard(words, "en")
    [draft] = found.proposals
    assert re.findall(r"2029\b", draft.changes[0].text), draft


_FRAGMENTS = (
    "Dear all,",
    "Paragraph 4:",
    "Para 4",
    "Paragraph 4 should read:",
    "Cities pay 200 million euros before",
    "2029.",
    "31. December",
    "Delete paragraph 4.",
    "Paragraph 1: replace “Towns” by “Cities”.",
    "Reason: it is clearer, because 2031 is late.",
    "Delete paragraph 2 because it is long.",
    "Old text: Mayors",
    "New text: Cities and 12 towns",
    "Para | Original | Proposed | Remark",
    "1 | Towns | Cities | see 9",
    "12 | nothing | here |",
    "---|---|---|---",
    "- insert “and safe” after “clean” in paragraph 1",
    "We will write again after 2031",
    "> Paragraph 3: delete.",
    "On 3 May 2027 Ana Ruiz wrote:",
    "De: 100",
    "A: 200",
    "Subject: 7",
    "if amendment 7 falls, delete paragraph 40",
    "«No» a 2029,5 %",
    "Thanks",
    "Paragraph 9: delete. Reason: the 3 towns left.",
    "",
)


def words_of(*texts: str) -> Counter[str]:
    return Counter(re.findall(r"\w+", " ".join(texts)))


@law(st.lists(st.tuples(st.sampled_from(_FRAGMENTS), st.sampled_from(["\n", "\n\n", " "])), max_size=12))
def test_every_word_of_a_mail_is_read_or_listed(parts):
    words = "".join(line + gap for line, gap in parts)
    assume(words_of(words))  # a file without a word is refused
    mail, found = heard(words, "en")
    assert words_of(words) <= words_of(mail.said, *mail.apart), "visible words of the mail"
    told = [source for draft in found.proposals for source in draft.sources]
    listed = [*(one.source for one in found.unplaced), *found.rest]
    assert words_of(mail.said) <= words_of(*told, *listed)


def test_a_box_is_ticked_only_where_nothing_else_is_said(office):
    alone = office.page(sent(office, "Paragraph 3: delete.").headers["location"])
    doubted = office.page(sent(office, "Paragraph 3: delete.\n\nForget this one.").headers["location"])
    assert [len(page.root.xpath("//input[@name='take'][@checked]")) for page in (alone, doubted)] == [1, 0]
    assert "Forget this one." in doubted.text


HTML = "From: Ana <ana@example.org>\nSubject: Ours\nMIME-Version: 1.0\nContent-Type: text/html; charset=utf-8\n\n"


def test_a_table_in_html_is_read_row_by_row():
    rows = (
        "<table><thead><tr><th>Para</th><th><p>Original</p></th><th>Proposed</th></tr></thead><tbody>"
        "<tr><td><p>4</p></td><td><p>every<br>year</p></td><td><p>each</p><p>spring</p></td></tr>"
        "<tr><td>6</td><td></td><td>delete</td></tr></tbody></table>"
    )
    laid_out = f"<table><tr><td>Logo</td><td><p>Dear all,</p>{rows}<p>Regards</p></td></tr></table>"
    for body in (rows, laid_out):
        mail, found = heard(HTML + body, "en")
        assert [change.op.value for draft in found.proposals for change in draft.changes] == ["reword", "delete"], mail
        assert "each spring" in found.proposals[0].changes[0].text


def test_answers_between_quoted_paragraphs_are_the_writers_own():
    body = (
        "<p>See below.</p><div class='gmail_quote'><div class='gmail_attr'>On 3 May 2027 the office wrote:<br></div>"
        "<blockquote class='gmail_quote'><p>Paragraph 2: delete.</p></blockquote>"
        "<p>Paragraph 4: delete.</p><blockquote><p>Paragraph 6: delete.</p></blockquote></div>"
    )
    mail, found = heard(HTML + body, "en")
    assert [change.block for draft in found.proposals for change in draft.changes] == ["4"]
    assert "Paragraph 2" in mail.apart[-1]


@pytest.mark.parametrize(
    ("plain", "shown"),
    [
        (" ", "<p>Paragraph 4: delete.</p>"),
        ("Use another program.", "<p>Dear all,</p><p>we have thought about it.</p><p>Paragraph 4: delete.</p>"),
        (
            "Para\nProposed\n4\ndelete\n",
            "<table><tr><th>Para</th><th>Proposed</th></tr><tr><td>4</td><td>delete</td></tr></table>",
        ),
    ],
)
def test_of_two_forms_of_a_mail_the_one_in_which_more_can_be_read_counts(plain, shown):
    parts = f"--x\nContent-Type: text/plain\n\n{plain}\n--x\nContent-Type: text/html\n\n{shown}\n--x--\n"
    mail = HTML.replace("text/html; charset=utf-8", "multipart/alternative; boundary=x") + parts
    [draft] = heard(mail, "en")[1].proposals
    assert [(change.op.value, change.block) for change in draft.changes] == [("delete", "4")]
