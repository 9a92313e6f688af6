"""Beginning a declaration in the browser, and moving it from phase to phase."""

import re
from typing import Any

import httpx
import pytest

from drafts.text.blocks import Language
from tests.support import factories
from tests.support.page import Page
from tests.workspace.desk.visiting import DRAFT, FORUM, seen, sent
from workspace.core.actor import OPERATOR, Actor, Role
from workspace.core.errors import NotFound
from workspace.core.security.permissions import Phase
from workspace.core.storage.db import Db, Store
from workspace.declarations.domain import queries
from workspace.declarations.domain.models import Declaration
from workspace.declarations.domain.service import DeclarationService
from workspace.recommendations.models import RecommendationStatus
from workspace.recommendations.service import RecommendationService, VerbatimStatement
from workspace.sessions.extraction import SessionDetails, SessionFound
from workspace.sessions.service import SessionService

ES, EN, FR = Language
NEW = f"{FORUM}/declarations/new"
ENGLISH = """# Declaration on Shared Water

We, the towns of the valley, gathered in Villa Clara,

1. We share the water of the 3 old wells.

2. We repair every pipe before 2030.

3. We teach 400 children a year to swim.
"""
SPANISH = """# Declaración sobre el agua compartida

Nosotras, las villas del valle, reunidas en Villa Clara,

1. Compartimos el agua de los 3 pozos viejos.

2. Reparamos todas las tuberías antes de 2030.

3. Enseñamos a nadar a 400 niñas y niños al año.
"""


@pytest.fixture
def secretariat(store: Store) -> Actor:
    with store.writing() as db:
        return factories.person(db, Role.SECRETARIAT)


def file(text: str | bytes, name: str = "text.md") -> tuple[str, bytes, str]:
    return (name, text if isinstance(text, bytes) else text.encode(), "text/markdown")


def begin(store: Store, actor: Actor, *, files: dict[str, Any] | None = None, **fields: Any) -> httpx.Response:
    """Send the form as a browser does: a file field without a file is an empty part."""
    parts = {one.value: ("", b"", "application/octet-stream") for one in Language} | (files or {})
    return sent(store, NEW, {"way": "texts", "language": "es", "slug": "", **fields}, actor, files=parts)


def at(db: Db, slug: str) -> Declaration:
    return DeclarationService(db).at(factories.forum(db), slug)


def flat(response: httpx.Response) -> str:
    return " ".join(response.text.split())


@pytest.mark.parametrize("language", ["es", "en", "fr"])
def test_the_empty_form_in_every_language(store: Store, secretariat: Actor, language: str) -> None:
    page = seen(store, f"/{language}/third-forum/declarations/new", secretariat)

    assert page.status_code == 200
    assert page.text.count('type="file"') == 3


def test_two_files_become_one_declaration(store: Store, secretariat: Actor) -> None:
    answer = begin(store, secretariat, files={"es": file(SPANISH), "en": file(ENGLISH)})

    assert answer.status_code == 303
    assert answer.headers["location"] == f"{FORUM}/declaracion-sobre-el-agua-compartida"
    with store.reading() as db:
        rows = queries.head_rows(db, at(db, "declaracion-sobre-el-agua-compartida"))
        assert [set(row.texts) for row in rows] == [{ES, EN}] * 5
        assert {row.original_language for row in rows} == {ES}


def test_texts_can_be_pasted_and_the_address_chosen(store: Store, secretariat: Actor) -> None:
    pasted = ENGLISH.replace("\n", "\r\n")

    answer = begin(store, secretariat, text_en=pasted, slug="water", files={"es": file(SPANISH)})

    assert answer.headers["location"] == f"{FORUM}/water"


def test_one_language_is_enough_and_the_others_wait_for_their_translators(store: Store, secretariat: Actor) -> None:
    answer = begin(store, secretariat, files={"en": file(ENGLISH)}, slug="water")

    assert answer.headers["location"] == f"{FORUM}/water"
    with store.reading() as db:
        assert [set(row.texts) for row in queries.head_rows(db, at(db, "water"))] == [{EN}] * 5


def test_without_any_text_nothing_begins(store: Store, secretariat: Actor) -> None:
    answer = begin(store, secretariat)

    assert answer.status_code == 422
    assert all(Page(answer).field(f"text_{language}").is_wrong for language in ("es", "en", "fr"))


def test_texts_that_do_not_match_are_refused_until_the_gaps_are_accepted(store: Store, secretariat: Actor) -> None:
    shorter = SPANISH.replace("2. Reparamos todas las tuberías antes de 2030.\n\n", "")

    refused = begin(store, secretariat, files={"es": file(shorter), "en": file(ENGLISH)}, slug="water")

    assert refused.status_code == 422
    page = Page(refused)
    assert page.field("text_es").error == "workspace.misaligned"
    assert "We repair every pipe before 2030." in page.by_id("text_es-error").text
    assert page.has_field("accept_gaps")
    with store.reading() as db, pytest.raises(NotFound):
        at(db, "water")

    taken = begin(store, secretariat, text_es=shorter, text_en=ENGLISH, slug="water", accept_gaps="yes")

    assert taken.status_code == 303
    with store.reading() as db:
        assert [set(row.texts) for row in queries.head_rows(db, at(db, "water"))].count({EN}) == 1


def test_paragraphs_that_cannot_be_put_side_by_side_for_sure_are_decided_about_first(
    store: Store, secretariat: Actor
) -> None:
    rest = [f"{number}. {{}} {number * 7}." for number in range(4, 12)]
    spanish, english = ("\n\n".join(one.format(verb) for one in rest) for verb in ("Contamos", "We count"))
    split = "2. Reparamos todas las tuberías.\n\n3. Lo haremos antes de 2030.\n\n"
    longer = SPANISH.replace("2. Reparamos todas las tuberías antes de 2030.\n\n", split)
    more = {"text_es": f"{longer}\n{spanish}", "text_en": f"{ENGLISH}\n{english}", "slug": "water"}

    asked = begin(store, secretariat, **more)

    assert asked.status_code == 200
    assert Page(asked).has_field("row")
    with store.reading() as db, pytest.raises(NotFound):
        at(db, "water")
    below = re.search(r'value="(\d+ below)"', asked.text)
    assert below is not None

    left = begin(store, secretariat, **more | {"slug": "left"}, row="", has_answers="yes")
    assert left.status_code == 303
    assert Page(asked).field("row").value == ""  # nothing is decided before somebody has decided

    taken = begin(store, secretariat, **more, row=below[1], has_answers="yes")

    assert taken.status_code == 303
    with store.reading() as db:
        rows = queries.head_rows(db, at(db, "water"))
        assert all(set(row.texts) == {ES, EN} for row in rows)
        assert "Reparamos todas las tuberías. Lo haremos antes de 2030." in [row.content(ES) for row in rows]


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"# \xff\xfe", "encoding"),
        (b"%PDF-1.4\n1 0 obj", "pdf"),
        (b"{\\rtf1\\ansi # Agua\\par}", "unknown_kind"),
        (b"\n<!DOCTYPE HTML><html><body><h1>Agua</h1></body></html>", "unknown_kind"),
    ],
)
def test_a_file_that_is_not_text_is_named_at_its_field(
    store: Store, secretariat: Actor, data: bytes, reason: str
) -> None:
    answer = begin(store, secretariat, files={"es": file(data, "acta.md"), "en": file(ENGLISH)})

    assert answer.status_code == 422
    assert Page(answer).field("text_es").error == f"workspace.bad_file:{reason}"
    assert "acta.md" in Page(answer).by_id("text_es-error").text


def test_text_as_an_office_program_saves_it_is_read(store: Store, secretariat: Actor) -> None:
    answer = begin(store, secretariat, files={"es": file("# Agua\n\nCaños y años.\n".encode("cp1252"), "acta.txt")})

    assert answer.status_code == 303, Page(answer).refusals


def test_markdown_that_cannot_be_kept_is_told_with_its_line(store: Store, secretariat: Actor) -> None:
    answer = begin(store, secretariat, text_en="# Water\n\n- # Heading in a list\n", text_es=SPANISH)

    assert answer.status_code == 422
    assert Page(answer).field("text_en").error == "drafts.bad_markdown:heading_in_list"
    assert "3" in Page(answer).by_id("text_en-error").text


@pytest.mark.parametrize(("slug", "reason"), [("Water!", "not_a_slug"), ("sessions", "taken")])
def test_an_address_that_cannot_be_is_refused(store: Store, secretariat: Actor, slug: str, reason: str) -> None:
    answer = begin(store, secretariat, text_en=ENGLISH, text_es=SPANISH, slug=slug)

    assert answer.status_code == 422
    field = Page(answer).field("slug")
    assert (field.value, field.error) == (slug, f"workspace.invalid:{reason}")


def recommend(store: Store, *texts: str) -> None:
    with store.writing() as db:
        forum = factories.forum(db)
        details = SessionDetails(found=SessionFound(title="Who pays for the well?"))
        session = SessionService(db).add(forum, details, language="en", document=None, actor=OPERATOR)
        said = RecommendationService(db).propose(
            session, [VerbatimStatement(text=text, language="en") for text in texts], actor=OPERATOR
        )
        RecommendationService(db).settle(
            forum, [one.number for one in said], RecommendationStatus.CONFIRMED, actor=OPERATOR
        )


@pytest.mark.parametrize("chosen", [["2"], ["1", "2"]])
def test_chosen_recommendations_become_a_first_draft(store: Store, secretariat: Actor, chosen: list[str]) -> None:
    recommend(store, "Share the water.", "Mend the well.")

    answer = begin(store, secretariat, way="recommendations", name_en="Water", number=chosen)

    assert answer.status_code == 303
    with store.reading() as db:
        declaration = at(db, "water")
        assert len(queries.sources(db, declaration)) == len(chosen)
        assert [row.content(EN) for row in queries.head_rows(db, declaration)][-1] == "Mend the well."


@pytest.mark.parametrize(("typed", "taken"), [("2-201", 200), ("1, 7 – 8", 3), ("", 201), ("3", 1)])
def test_of_many_recommendations_the_numbers_are_typed(
    store: Store, secretariat: Actor, typed: str, taken: int
) -> None:
    recommend(store, *(f"Mend the well of town {n}." for n in range(201)))

    form = Page(seen(store, NEW, secretariat))
    answer = begin(store, secretariat, way="recommendations", name_en="Water", numbers=typed)

    assert [len(form.root.xpath(f"//input[@name='{name}']")) for name in ("number", "numbers")] == [0, 1]
    assert answer.status_code == 303
    with store.reading() as db:
        assert len(queries.sources(db, at(db, "water"))) == taken


@pytest.mark.parametrize(
    ("fields", "lacking"),
    [({"number": ["1"]}, "name_en"), ({"name_en": "Water"}, "number")],
)
def test_a_draft_needs_a_name_and_something_to_say(
    store: Store, secretariat: Actor, fields: dict[str, Any], lacking: str
) -> None:
    recommend(store, "Share the water.")

    answer = begin(store, secretariat, way="recommendations", **fields)

    assert answer.status_code == 422
    assert Page(answer).has_id(f"{lacking}-error")


@pytest.mark.parametrize("role", [Role.MEMBER, Role.TRANSLATOR, Role.RAPPORTEUR, Role.OBSERVER])
def test_nobody_else_begins_a_declaration(store: Store, role: Role) -> None:
    with store.writing() as db:
        actor = factories.person(db, role)

    assert seen(store, NEW, actor).status_code == 404
    assert begin(store, actor, text_en=ENGLISH, text_es=SPANISH).status_code == 404


@pytest.mark.parametrize("language", ["es", "en", "fr"])
@pytest.mark.parametrize("phase", [Phase.SETUP, Phase.REVIEW, Phase.CONSULTATION, Phase.ADOPTION])
def test_the_chair_sees_where_a_declaration_can_go(store: Store, language: str, phase: Phase) -> None:
    with store.writing() as db:
        factories.declaration(db, phase=phase)
        chair = factories.chair(db)

    assert seen(store, f"/{language}/third-forum/declaration/phase", chair).status_code == 200


def test_the_chair_opens_the_next_phase(store: Store) -> None:
    with store.writing() as db:
        factories.declaration(db)
        chair = factories.chair(db)

    assert Page(seen(store, f"{DRAFT}/phase", chair)).data("next") == ["C"]
    answer = sent(store, f"{DRAFT}/phase", {"phase": "C"}, chair)

    assert answer.status_code == 303
    with store.reading() as db:
        assert at(db, "declaration").phase is Phase.CONSULTATION


def test_going_back_needs_a_reason(store: Store) -> None:
    with store.writing() as db:
        factories.declaration(db)
        chair = factories.chair(db)

    refused = sent(store, f"{DRAFT}/phase", {"phase": "D", "reason": " "}, chair)
    assert refused.status_code == 422
    assert 'id="reason-error"' in refused.text

    assert sent(store, f"{DRAFT}/phase", {"phase": "D", "reason": "a new mandate"}, chair).status_code == 303


@pytest.mark.parametrize("wanted", ["V", "P", "A", "", "Z"])
def test_a_phase_that_does_not_follow_is_refused(store: Store, wanted: str) -> None:
    with store.writing() as db:
        factories.declaration(db)
        chair = factories.chair(db)

    assert sent(store, f"{DRAFT}/phase", {"phase": wanted, "reason": "because"}, chair).status_code == 422
    with store.reading() as db:
        assert at(db, "declaration").phase is Phase.REVIEW


def test_publication_is_not_a_phase_one_person_opens(store: Store) -> None:
    with store.writing() as db:
        factories.declaration(db, phase=Phase.ADOPTION)
        chair = factories.chair(db)

    page = seen(store, f"{DRAFT}/phase", chair).text
    assert f'href="{DRAFT}/readiness"' in page
    assert not Page(page).data("next")
    assert sent(store, f"{DRAFT}/phase", {"phase": "P"}, chair).status_code == 422


def test_the_secretariat_sees_where_it_stands_and_moves_nothing(store: Store) -> None:
    with store.writing() as db:
        factories.declaration(db)
        secretariat = factories.person(db, Role.SECRETARIAT)

    page = seen(store, f"{DRAFT}/phase", secretariat).text
    assert Page(page).rows("only-the-chair")
    assert not Page(page).data("next")
    assert sent(store, f"{DRAFT}/phase", {"phase": "C"}, secretariat).status_code == 404


@pytest.mark.parametrize("role", [Role.MEMBER, Role.COMMITTEE])
def test_nobody_but_the_chair_moves_it(store: Store, role: Role) -> None:
    with store.writing() as db:
        factories.declaration(db)
        actor = factories.person(db, role)

    assert seen(store, f"{DRAFT}/phase", actor).status_code == 404
    assert sent(store, f"{DRAFT}/phase", {"phase": "C"}, actor).status_code == 404
