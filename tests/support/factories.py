"""Things to test with: every default is legal and dull, and a test names only what it is about."""

from collections.abc import Mapping

import sqlalchemy as sa

from drafts.text.blocks import BlockKind, Language
from workspace.core import clock
from workspace.core.actor import OPERATOR, Actor, Role
from workspace.core.security.permissions import Phase
from workspace.core.storage.db import Db, Trilingual
from workspace.declarations.domain.models import Declaration
from workspace.declarations.domain.new_blocks import NewBlock
from workspace.declarations.domain.service import DeclarationService
from workspace.people.models import Forum
from workspace.people.service import PeopleService
from workspace.terms.models import HouseStyle
from workspace.translations.domain.concordance import ConcordanceService

ES, EN, FR = Language


def trilingual(text: str) -> Trilingual:
    return Trilingual(es=text, en=text, fr=text)


def forum(db: Db, slug: str = "third-forum") -> Forum:
    """The forum at `slug`, founded when it is not there."""
    found = db.scalar(sa.select(Forum).where(Forum.slug == slug))
    return found or PeopleService(db).found(
        network=trilingual("Network of Towns"),
        slug=slug,
        name=trilingual("Third Forum"),
        place=Trilingual(es="Villa Clara", en="Villa Clara", fr="Villa Clara"),
        timezone="UTC",
        actor=OPERATOR,
    )


def name_of(role: Role) -> str:
    """What somebody in a role is called, unless a test names them."""
    return f"A {role.value}"


def person(db: Db, role: Role, name: str = "") -> Actor:
    """Somebody with this role in the forum; another one at each call unless named alike."""
    service = PeopleService(db)
    made = service.add_person(forum(db), name=name or name_of(role), role=role, actor=OPERATOR)
    return made.as_actor()


def chair(db: Db) -> Actor:
    return person(db, Role.CHAIR)


def paragraphs(*texts: str | Mapping[Language, str]) -> list[NewBlock]:
    """Numbered paragraphs, each in three languages that say the same unless a mapping says otherwise."""
    return [
        NewBlock(BlockKind.OPERATIVE, text if isinstance(text, Mapping) else {ES: text, EN: text, FR: text})
        for text in texts
    ]


def declaration(
    db: Db, *texts: str | Mapping[Language, str], slug: str = "declaration", phase: Phase = Phase.REVIEW
) -> Declaration:
    """A declaration of numbered paragraphs, English first, in `phase`; before its adoption it has been signed."""
    service = DeclarationService(db)
    made = service.create(
        forum(db),
        slug=slug,
        name=trilingual("Draft Declaration"),
        language=EN,
        blocks=paragraphs(*(texts or ("Towns shall share water.",))),
        actor=OPERATOR,
    )
    if not all(isinstance(text, Mapping) for text in texts) or not texts:
        same = {"same_as_source": "info", "wrong_language": "info"}
        style = HouseStyle(profile="national", severities=same, changed_at=clock.now())
        style.forum_id, style.declaration_id = made.forum_id, made.id
        db.add(style)
    service.enter(made, phase, actor=OPERATOR)
    if phase is Phase.ADOPTION:
        concord(db, made)
    return made


def concord(db: Db, declaration: Declaration) -> None:
    """Somebody who wrote none of it signs that the three texts say the same, as far as they stand."""
    ConcordanceService(db).sign_whole(declaration.id, actor=person(db, Role.TRANSLATOR, "A reviser"))
