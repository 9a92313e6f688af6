"""Readiness, publication and editions through the API."""

import hashlib
import json
import resource
from pathlib import Path
from time import process_time
from uuid import UUID

import pytest

from drafts.text.blocks import Language
from tests.support import factories
from workspace.core.actor import Role
from workspace.core.security.permissions import Phase
from workspace.core.storage.db import new_id
from workspace.declarations.domain.service import DeclarationService

EN, ES, FR = Language.EN, Language.ES, Language.FR
ADOPTED = {"adopted_on": "2026-06-12"}


@pytest.fixture
def table(house):
    return house.declaration("Towns share water.", phase=Phase.ADOPTION)


def published(table):
    requested = table.house[Role.SECRETARIAT].post(f"{table.path}/publication-request", ADOPTED)
    assert requested.status_code == 201, requested.text
    answer = table.house.chair.post(f"{table.path}/publication", ADOPTED)
    assert answer.status_code == 201, answer.text
    return answer


def test_readiness_names_what_stops_publication(house):
    table = house.declaration({EN: "Towns share water.", ES: "Agua."}, phase=Phase.ADOPTION)
    answer = house.chair.get(f"{table.path}/readiness")
    [blocker] = answer.json()["blockers"]
    assert blocker == {
        "block_id": table.block(),
        "number": "1",
        "excerpt": "Towns share water.",
        "language": "fr",
        "state": "missing",
    }
    assert [answer.json()["dangling"], answer.json()["request"]] == [[], None]
    refused = house.chair.post(f"{table.path}/publication-request")
    assert [refused.status_code, refused.json()["code"], len(refused.json()["blockers"])] == [
        409,
        "workspace.not_ready",
        1,
    ]
    assert house.chair.get(f"{table.path}/preview/declaration.json").status_code == 409


def test_two_people_publish_and_anybody_can_check_every_byte(house, table):
    answer = published(table)
    made = answer.json()
    assert answer.headers["location"] == f"/api{table.path}/editions/1"
    assert house.nobody.get(f"{table.path}/editions/1").json() == made
    assert house.nobody.get(f"{table.path}/editions").json()["items"] == [made["edition"]]
    assert made["edition"]["adopted_on"] == "2026-06-12"
    for file in made["files"]:
        fetched = house.nobody.get(file["href"].removeprefix("/api"))
        assert fetched.status_code == 200
        assert hashlib.sha256(fetched.content).hexdigest() == file["sha256"]
        assert len(fetched.content) == file["size"]
        assert fetched.headers["content-type"].startswith(file["media_type"])
        assert fetched.headers["content-disposition"] == f'attachment; filename="{file["name"]}"'
        assert "sandbox" in fetched.headers["content-security-policy"]
    assert house.chair.get(table.path).json()["phase"] == "published"


def test_the_manifest_stands_for_the_whole_edition(house, table):
    made = published(table).json()
    manifest = house.nobody.get(f"{table.path}/editions/1/manifest")
    assert hashlib.sha256(manifest.content).hexdigest() == made["edition"]["manifest_sha256"]
    told = json.loads(manifest.content)["files"]
    assert told == {file["name"]: file["sha256"] for file in made["files"] if file["name"] != "manifest.json"}


def test_a_file_that_the_reader_holds_is_not_sent_again(house, table):
    published(table)
    path = f"{table.path}/editions/1/files/declaration.json"
    first = house.nobody.get(path)
    again = house.nobody.get(path, **{"If-None-Match": first.headers["etag"]})
    assert [again.status_code, again.content] == [304, b""]
    assert again.headers["etag"] == first.headers["etag"]
    assert house.nobody.get(path, **{"If-None-Match": '"other"'}).status_code == 200


def test_a_file_can_be_looked_at_before_it_is_published(house, table):
    preview = house[Role.TRANSLATOR].get(f"{table.path}/preview/declaration.en.html?adopted_on=2026-06-12")
    assert [preview.status_code, preview.headers["content-type"].split(";")[0]] == [200, "text/html"]
    assert "Towns share water." in preview.text
    published(table)
    files = house.nobody.get(f"{table.path}/editions/1/files/declaration.en.html")
    assert files.content == preview.content


def test_the_same_person_does_not_publish_alone(house, table):
    house.chair.post(f"{table.path}/publication-request")
    assert house.chair.get(f"{table.path}/readiness").json()["request"]["requested_by_id"] == str(
        house.people[Role.CHAIR].person_id
    )
    answer = house.chair.post(f"{table.path}/publication", ADOPTED)
    assert [answer.status_code, answer.json()["facts"]["reason"]] == [422, "second_person"]


def test_nothing_is_published_that_nobody_asked_for_or_by_somebody_who_may_not(house, table):
    assert house.chair.post(f"{table.path}/publication", ADOPTED).status_code == 404
    for role in (Role.MEMBER, Role.TRANSLATOR, Role.COMMITTEE):
        assert house[role].post(f"{table.path}/publication-request").status_code == 404
        assert house[role].post(f"{table.path}/publication", ADOPTED).status_code == 404
    assert house.nobody.get(f"{table.path}/editions").status_code == 404


@pytest.mark.parametrize("body", [{}, {"adopted_on": "tomorrow"}, {"adopted_on": 20270612}, {**ADOPTED, "by": "me"}])
def test_a_publication_without_its_day_is_refused(house, table, body):
    house[Role.SECRETARIAT].post(f"{table.path}/publication-request")
    assert house.chair.post(f"{table.path}/publication", body).status_code == 400


def test_programs_agree_on_the_day_and_confirm_no_other(house, table):
    path, secretary = f"{table.path}/publication-request", house[Role.SECRETARIAT]
    refused = secretary.post(path, {"adopted_on": "2999-01-01"})
    assert [refused.status_code, refused.json()["facts"]["reason"]] == [422, "not_come_yet"]
    asked = secretary.post(path, ADOPTED).json()
    assert [asked["adopted_on"], asked["release_at"]] == ["2026-06-12", None]
    other = house.chair.post(f"{table.path}/publication", {"adopted_on": "2026-06-13"})
    assert [other.status_code, other.json()["facts"]["reason"]] == [422, "not_as_asked"]
    assert house.chair.post(f"{table.path}/publication", ADOPTED).status_code == 201


@pytest.mark.parametrize("path", ["2", "2/manifest", "1/files/nothing.pdf", "1/files/..%2Fmanifest.json"])
def test_what_was_never_published_is_not_there(house, table, path):
    published(table)
    assert house.nobody.get(f"{table.path}/editions/{path}").status_code == 404
    assert house.nobody.get(f"/declarations/{new_id()}/editions/{path}").status_code == 404


def test_a_longer_text_needs_no_more_queries(house):
    one = house.declaration("One.", phase=Phase.ADOPTION)
    three = house.declaration("One.", "Shade.", "Water.", slug="longer", phase=Phase.ADOPTION)
    assert house.queries(f"{one.path}/readiness") == house.queries(f"{three.path}/readiness")
    for table in (one, three):
        published(table)
    assert house.queries(f"{one.path}/editions/1") == house.queries(f"{three.path}/editions/1")


def sign(house, path):
    with house.store.writing() as db:
        factories.concord(db, DeclarationService(db).get(UUID(path.rpartition("/")[2])))


def test_from_three_texts_to_an_edition(house):
    texts = {
        "es": "# Declaración de Villa Clara\n\n1. Las ciudades comparten el agua.\n\n"
        "2. Las ciudades alumbran las sendas.\n",
        "en": "# Declaration of Villa Clara\n\n1. Towns share water.\n\n2. Towns light paths.\n",
        "fr": "# Déclaration de Villa Clara\n\n1. Les villes partagent l’eau.\n\n"
        "2. Les villes éclairent les sentiers.\n",
    }
    body = {"slug": "villa-clara", "language": "en", "texts": texts}
    created = house.chair.post("/forums/third-forum/declarations/from-texts", body)
    assert created.status_code == 201, created.text
    path = created.headers["location"].removeprefix("/api")

    def phase(to):
        head = house.chair.get(path).headers["etag"].strip('"')
        moved = house.chair.post(f"{path}/phase", {"phase": to}, if_match=head)
        assert moved.status_code == 200, moved.text

    phase("drafting")
    phase("review")
    blocks = house.member.get(f"{path}/text").json()["blocks"]
    water, light = (block["block"]["id"] for block in blocks[1:])

    def propose(block, words):
        changes = [{"op": "reword", "block": block, "text": words}]
        body = {"base_revision": 1, "language": "en", "changes": changes, "reason": "It is clearer."}
        return house.member.post(f"{path}/amendments", body).json()["amendment"]["id"]

    clean, cold = propose(water, "Towns share clean water."), propose(water, "Towns share cold water.")
    every = propose(light, "Towns light every path.")

    def decide(**verdicts):
        head = house.chair.get(path).json()["head"]["id"]
        rulings = [{"amendment_id": named[one], "verdict": verdict} for one, verdict in verdicts.items()]
        answer = house.chair.post(f"{path}/decisions", {"language": "en", "rulings": rulings}, if_match=head)
        assert answer.status_code == 201, answer.text
        return answer.json()

    named = {"clean": clean, "cold": cold, "every": every}
    round_one = decide(clean="adopt", cold="adopt", every="adopt")
    assert [len(round_one["clusters"]), round_one["revision"]["number"]] == [1, 2]
    round_two = decide(clean="adopt", cold="reject")
    assert [round_two["clusters"], round_two["revision"]["number"]] == [[], 3]

    phase("consultation")
    head = house.chair.get(path).headers["etag"].strip('"')
    assert house.chair.post(f"{path}/requests", {"matter": "adoption"}, if_match=head).status_code == 201
    confirmed = house[Role.SECRETARIAT].post(f"{path}/requests/adoption/confirmation")
    assert confirmed.json()["phase"] == "adoption", confirmed.text
    stopped = house.chair.get(f"{path}/readiness").json()["blockers"]
    assert {(one["number"], one["language"], one["state"]) for one in stopped} == {
        (number, language, "stale:substantive") for number in "12" for language in ("es", "fr")
    }
    words = {
        (water, "es"): "Las ciudades comparten el agua limpia.",
        (water, "fr"): "Les villes partagent l’eau propre.",
        (light, "es"): "Las ciudades alumbran cada senda.",
        (light, "fr"): "Les villes éclairent chaque sentier.",
    }
    for (block, language), translated in words.items():
        address = f"{path}/blocks/{block}/texts/{language}"
        tag = house[Role.TRANSLATOR].get(address).headers["etag"].strip('"')
        saved = house[Role.TRANSLATOR].put(address, {"content": translated, "sources": ["en"]}, if_match=tag)
        assert [saved.status_code, saved.json()["state"]] == [200, "current"]

    sign(house, path)
    assert house[Role.SECRETARIAT].post(f"{path}/publication-request", ADOPTED).status_code == 201
    made = house.chair.post(f"{path}/publication", ADOPTED).json()
    contents = {}
    for file in made["files"]:
        contents[file["name"]] = house.nobody.get(file["href"].removeprefix("/api")).content
        assert hashlib.sha256(contents[file["name"]]).hexdigest() == file["sha256"]
    for language, translated in (("es", words[water, "es"]), ("en", "Towns share clean water.")):
        assert translated in contents[f"declaration.{language}.md"].decode()
    manifest = json.loads(contents["manifest.json"])
    assert manifest["files"]["declaration.json"] == hashlib.sha256(contents["declaration.json"]).hexdigest()
    assert hashlib.sha256(words[water, "fr"].encode()).hexdigest() in str(manifest["paragraphs"])


def test_the_process_that_serves_spends_neither_time_nor_memory_on_the_forms_of_an_edition(house):
    texts = (
        f"Towns share water by plan {place}: {' '.join(['they keep every spring clean'] * 9)}." for place in range(400)
    )
    table = house.declaration(*texts, phase=Phase.ADOPTION)
    assert house[Role.SECRETARIAT].post(f"{table.path}/publication-request", ADOPTED).status_code == 201
    Path("/proc/self/clear_refs").write_text("5", encoding="ascii")  # the most memory is counted from here
    held, own, others = memory("VmRSS"), process_time(), of_children()
    answer = house.chair.post(f"{table.path}/publication", ADOPTED)
    assert answer.status_code == 201, answer.text
    own, others = process_time() - own, of_children() - others
    assert own < others / 4
    assert memory("VmHWM") - held < 30_000_000


def memory(name):
    """Bytes, of this process."""
    status = Path("/proc/self/status").read_text(encoding="ascii")
    return 1024 * next(int(line.split()[1]) for line in status.splitlines() if line.startswith(name))


def of_children():
    """Seconds of the processor."""
    spent = resource.getrusage(resource.RUSAGE_CHILDREN)
    return spent.ru_utime + spent.ru_stime
