"""The words that notices are about: of what their reader may see now, and bounded."""

import pytest

from tests.workspace.amendments.browsing import browsing
from tests.workspace.notices.test_notices import follow, forget, say
from workspace.core.actor import OPERATOR, Role
from workspace.core.security.permissions import Phase
from workspace.declarations.domain.service import DeclarationService


@pytest.fixture
def table(house):
    table = house.declaration("Towns share water.", "Towns light paths.")
    forget(house)
    return table


def notices(house, role, language="en"):
    with browsing(house.store, house.people[role]) as person:
        return person.page(f"/{language}/notices")


def words(house, role, kind):
    """What a row of this kind quotes: whole words, those taken away, and those that are new."""
    [row] = notices(house, role).rows("notice", kind)
    [quoted] = row.rows("words")
    return (
        quoted.text,
        [one.text_content() for one in quoted.root.iter("del")],
        [one.text_content() for one in quoted.root.iter("ins")],
    )


def test_an_amendment_is_told_with_what_it_changes(house, table):
    follow(house, Role.OBSERVER, "paragraph", table.block())
    table.propose("Towns share clean water.")
    _, taken, new = words(house, Role.OBSERVER, "amendment")
    assert taken == []
    assert [words.strip() for words in new] == ["clean"]


def test_words_that_a_later_change_replaces_are_not_quoted_as_if_they_stayed(house):
    table = house.declaration("Towns share water and light old paths by night.")
    follow(house, Role.OBSERVER, "paragraph", table.block())
    table.propose("Towns share clean water and light new roads by night.")
    quoted, taken, new = words(house, Role.OBSERVER, "amendment")
    assert (taken, [words.strip() for words in new]) == ([], ["clean"])
    assert quoted.endswith("water and light…")


def test_a_comment_and_a_changed_paragraph_are_told_with_their_words(house, table):
    follow(house, Role.OBSERVER, "paragraph", table.block())
    say(house, table, "Which wells? " + "And so on. " * 80)
    filed = table.propose("Towns share clean water.")
    house.chair.post(f"{table.path}/decisions", table.rulings(filed), if_match=table.head)
    quoted, _, _ = words(house, Role.OBSERVER, "remark")
    assert quoted.startswith("Which wells? And so on.")
    assert len(quoted) < 200
    assert words(house, Role.OBSERVER, "revision")[0] == "Towns share clean water."


def test_what_is_hidden_withdrawn_or_no_longer_open_is_not_quoted(house, table):
    follow(house, Role.OBSERVER, "paragraph", table.block())
    thread = say(house, table, "A rude remark.")
    filed = table.propose("Towns share foul water.")["amendment"]
    removed = {"state": "hidden", "reason": "Rude."}
    comment = thread["comments"][0]["id"]
    assert house.chair.post(f"/comments/{comment}/moderation", removed).status_code in {200, 204}
    assert house.member.post(f"/amendments/{filed['id']}/withdrawal", {}).status_code in {200, 204}
    page = notices(house, Role.OBSERVER)
    assert page.notices
    assert not page.rows("words")
    with house.store.writing() as db:
        declaration = DeclarationService(db).get(table.id)
        DeclarationService(db).enter(declaration, Phase.DRAFTING, actor=OPERATOR)
    later = notices(house, Role.OBSERVER)
    assert "rude" not in later.text
    assert "foul" not in later.text


def test_quoting_more_takes_no_more_statements(house, table):
    follow(house, Role.OBSERVER, "paragraph", table.block())
    with browsing(house.store, house.people[Role.OBSERVER]) as observer:

        def quoted(word):
            say(house, table, f"Which {word}?")
            table.propose(f"Towns share {word} water.")
            return observer.queries("/en/notices")

        assert len({quoted(word) for word in ("clean", "cold", "clear")}) == 1
