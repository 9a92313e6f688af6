"""The demonstration goes the whole way by itself, twice the same, and with notes of one's own."""

import hashlib
import io
import json
import re
from collections.abc import Iterator
from contextlib import redirect_stdout
from pathlib import Path

import pytest
import sqlalchemy as sa

from drafts.languages.staleness import State
from drafts.merge.rebase import RebaseStatus
from drafts.text.blocks import Language
from workspace.amendments.domain.models import Amendment, Disposition
from workspace.amendments.service import AmendmentService
from workspace.cli import run
from workspace.consultation.models import Commitment, Project, WorkingGroup
from workspace.core.actor import OPERATOR
from workspace.core.settings import Settings
from workspace.core.storage.db import Store
from workspace.declarations.domain.models import Declaration, Provenance
from workspace.declarations.domain.phase_changes import PhaseService
from workspace.demo.declaration import DeclarationSteps
from workspace.demo.material import Material
from workspace.demo.story import FROM_NOTES, PRACTICE, Demonstration
from workspace.editions.domain.models import Edition
from workspace.editions.domain.publication import EditionService
from workspace.editions.domain.queries import edition_overrides, obstacle_ref
from workspace.editions.pages.provenance_edition import document_with_origins
from workspace.people.models import Mandate
from workspace.people.service import PeopleService
from workspace.recommendations.models import Recommendation, RecommendationTheme
from workspace.translations.domain.service import TranslationService
from workspace.webhooks.models import Delivery


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory, empty_database: Path) -> tuple[DeclarationSteps, Store]:
    path = tmp_path_factory.mktemp("demo") / "workspace.sqlite3"
    path.write_bytes(empty_database.read_bytes())
    store = Store(Settings.for_file(path))
    story = Demonstration(store)
    story.found()
    story.take_notes_in()
    story.settle_recommendations()
    story.follow_up()
    way = story.declaring()
    way.draft()
    way.comment()
    way.amend()
    list(way.decide())
    way.publish()
    return way, store


def test_every_sentence_that_paragraphs_came_from_was_found_in_the_notes(told: tuple[DeclarationSteps, Store]):
    _, store = told
    sources = Material().sources
    with store.reading() as db:
        linked = sa.select(Recommendation.text).join(Provenance, Provenance.recommendation_id == Recommendation.id)
        texts = {" ".join(text.split()) for text in db.scalars(linked)}
        found = {" ".join(text.split()) for text in db.scalars(sa.select(Recommendation.text))}
    assert texts == {" ".join(one.text.split()) for one in sources.links}
    assert {" ".join(one.text.split()) for one in sources.dropped} <= found


def test_the_committee_met_the_collisions_it_was_meant_to_meet(told: tuple[DeclarationSteps, Store]):
    way, _ = told
    assert way.summary.collisions == sum(len(one.clusters_expected) for one in way.material.rounds)


def test_every_amendment_is_decided_in_the_end(told: tuple[DeclarationSteps, Store]):
    _, store = told
    with store.reading() as db:
        dispositions = set(db.scalars(sa.select(Amendment.disposition)))
    assert dispositions == {Disposition.ADOPTED, Disposition.REJECTED}


def test_publication_first_stops_at_the_missing_french_paragraph(told: tuple[DeclarationSteps, Store]):
    way, _ = told
    assert [(one.language, one.state) for one in way.summary.refused] == [(Language.FR, State.MISSING)]


def test_the_published_text_is_current_in_three_languages(told: tuple[DeclarationSteps, Store]):
    _, store = told
    with store.reading() as db:
        standings = TranslationService(db).standings(db.scalars(sa.select(Declaration)).one())
    assert {state for standing in standings for state in standing.states.values()} == {State.CURRENT}


def test_the_edition_has_the_same_23_numbered_paragraphs_in_every_language(told: tuple[DeclarationSteps, Store]):
    way, _ = told
    for language in Language:
        text = way.summary.files[f"declaration.{language}.md"].decode()
        assert [f"\n{number}. " in text for number in range(1, 25)] == [True] * 23 + [False], language


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """A folder that the command has filled, and what it said."""
    folder, said = tmp_path_factory.mktemp("made") / "demo", io.StringIO()
    with redirect_stdout(said):
        assert run(["demo", "--no-serve", "--dir", str(folder)]) == 0
    return folder, said.getvalue()


@pytest.fixture
def kept(made: tuple[Path, str]) -> Iterator[Store]:
    """Its database."""
    store = Store(Settings.for_file(made[0] / "workspace.sqlite3"))
    yield store
    store.close()


def test_the_command_writes_the_database_and_every_file_and_says_where(made: tuple[Path, str]):
    folder, said = made[0], "".join(made[1].split())  # a long path is broken where the terminal ends
    manifest = json.loads((folder / "edition" / "manifest.json").read_bytes())
    for name, digest in manifest["files"].items():
        assert hashlib.sha256((folder / "edition" / name).read_bytes()).hexdigest() == digest
        assert name in said
    assert (folder / "workspace.sqlite3").exists()


def test_a_second_declaration_is_left_half_way_to_try_things_on(kept: Store):
    with kept.reading() as db:
        practice = db.scalars(sa.select(Declaration).where(Declaration.slug == PRACTICE)).one()
        states = {state for one in TranslationService(db).standings(practice) for state in one.states.values()}
        amendments = AmendmentService(db).of_declaration(practice, actor=OPERATOR)
        assert {State.MISSING, State.STALE_SUBSTANTIVE, State.STALE_RESTRUCTURED} <= states
        assert sum(one.disposition.is_undecided for one in amendments) > 10
        assert any(one.parent_id is not None for one in amendments)
        carried = {one.status for one in amendments if one.carrying and one.disposition.is_undecided}
        assert {RebaseStatus.STILL_APPLIES, RebaseStatus.COLLIDES} <= carried


def test_an_earlier_letter_was_let_out_unsigned_by_two_and_put_right_in_a_second_edition(kept: Store):
    told = Material().letter
    with kept.reading() as db:
        letter = db.scalars(sa.select(Declaration).where(Declaration.slug == told.slug)).one()
        editions = EditionService(db)
        second, first = editions.editions(letter)
        assert [obstacle_ref(one).language for one in edition_overrides(db, first)] == [told.unsigned]
        assert edition_overrides(db, second) == []
        for one in told.corrections:
            sheet = editions.file(second, f"corrigendum.{one.language}.txt").content.decode()
            assert one.was in sheet
            assert one.now in sheet
            assert one.was in editions.file(first, f"declaration.{one.language}.txt").content.decode()
            assert one.was not in editions.file(second, f"declaration.{one.language}.txt").content.decode()


def test_given_notes_are_used_instead_and_make_a_first_draft(tmp_path: Path):
    note = tmp_path / "note.en.md"
    note.write_text("# Pumps\n\n## Recommendations\n\n- Towns must mend every pump within a week.\n")

    assert run(["demo", str(note), "--no-serve", "--dir", str(tmp_path / "demo")]) == 0

    store = Store(Settings.for_file(tmp_path / "demo" / "workspace.sqlite3"))
    with store.reading() as db:
        assert list(db.scalars(sa.select(Recommendation.text))) == ["Towns must mend every pump within a week."]
        draft = db.scalars(sa.select(Declaration).where(Declaration.slug == FROM_NOTES)).one()
        assert db.scalar(sa.select(sa.func.count(Provenance.id)).where(Provenance.declaration_id == draft.id)) == 1
    store.close()


def test_a_bad_note_leaves_nothing_behind(tmp_path: Path):
    (tmp_path / "note.md").write_bytes(b"\x00\x01")

    assert run(["demo", str(tmp_path / "note.md"), "--no-serve", "--dir", str(tmp_path / "demo")]) == 2

    assert not (tmp_path / "demo" / "workspace.sqlite3").exists()


def test_somebody_elses_database_is_not_overwritten(tmp_path: Path):
    (tmp_path / "workspace.sqlite3").write_bytes(b"mine")

    assert run(["demo", "--no-serve", "--dir", str(tmp_path)]) == 2

    assert (tmp_path / "workspace.sqlite3").read_bytes() == b"mine"


def test_what_goes_beside_the_declaration_is_there_to_be_seen(told: tuple[DeclarationSteps, Store]):
    _, store = told
    with store.reading() as db:
        [project] = db.scalars(sa.select(Project))
        assert (project.title, len(project.actions), len(project.joined)) == ("Un atlas abierto de la noche", 2, 2)
        promised = sa.select(sa.func.count()).select_from(Commitment)
        assert db.scalar(promised) == 3
        own = promised.join(Mandate, Mandate.organisation_id == Commitment.organisation_id).where(Mandate.is_steward)
        assert db.scalar(own) == 1
        assert db.scalar(sa.select(sa.func.count()).select_from(WorkingGroup)) == 2
        loose = sa.select(Recommendation.id).where(
            Recommendation.id.not_in(sa.select(RecommendationTheme.recommendation_id))
        )
        assert db.scalars(loose).all() == []


def test_once_the_history_is_open_a_paragraph_names_the_amendments_to_it_and_not_the_others_of_the_round(
    told: tuple[DeclarationSteps, Store],
):
    _, store = told
    with store.writing() as db:
        declaration, edition = db.scalars(sa.select(Declaration)).one(), db.scalars(sa.select(Edition)).one()
        PhaseService(db).open_history(declaration, is_open=True, reason="It is history now.", actor=OPERATOR)
        origins = document_with_origins(db, edition).apparatus.origins
    said = {line[Language.EN] for one in origins for line in one.lines}
    towns = "Ayuntamiento de Torrevela", "Alcaldía de Peñaclara"
    both = [re.findall(r"\b\d+\b", line) for line in said if all(f"({town})" in line for town in towns)]
    assert ["1", "2", "1", "2"] in [numbers[:4] for numbers in both], "the amendments, and the decisions on them"
    assert not any(numbers[:1] == ["1"] and "3" in numbers[:4] for numbers in both)
    assert any("\u00a0: " in line[Language.FR] for one in origins for line in one.lines)


def test_a_second_forum_speaks_with_one_voice_and_a_webhook_had_its_troubles(kept: Store):
    with kept.reading() as db:
        late = PeopleService(db).forum(Material().late.slug)
        [filed] = db.scalars(sa.select(Amendment).join(Declaration).where(Declaration.forum_id == late.id))
        told_of = db.scalars(sa.select(Delivery).order_by(Delivery.sequence)).all()
        assert late.one_voice
        assert len(filed.supports) == 1
        assert [one.attempts for one in told_of if one.attempts > 1] == [3, 11]
        assert [one.last_error for one in told_of if one.failed_at] == ["status 503"]
        assert all(one.next_try_at is None for one in told_of)
