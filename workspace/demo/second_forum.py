"""A smaller forum of the demonstration, in which every delegation speaks with one voice, whoever of it speaks."""

from collections.abc import Mapping
from datetime import date

from drafts.diff.amendments import Change, ChangeOp
from drafts.text.blocks import BlockKind, Language
from workspace.amendments.domain.sponsors import BackingService
from workspace.amendments.service import AmendmentService
from workspace.core.actor import OPERATOR, Actor, Role
from workspace.core.security.permissions import Phase
from workspace.core.storage.db import Db, Trilingual
from workspace.declarations.domain import queries
from workspace.declarations.domain.new_blocks import NewBlock
from workspace.declarations.domain.service import DeclarationService
from workspace.people.mandates import MandateService
from workspace.people.models import Forum, Person, Registration
from workspace.people.service import PeopleService

SECOND_FORUM = "ultimo-tranvia-2026"
SECOND_DRAFT = "late-lines"
_NAME = Trilingual(
    es="Asamblea del Último Tranvía, 2026", en="Last Tram Assembly, 2026", fr="Assemblée du dernier tramway, 2026"
)
_ABOUT = Trilingual(
    es="Cada delegación habla aquí con una sola voz: quien propone o apoya lo hace por su ciudad.",
    en="Here each delegation speaks with one voice: whoever proposes or supports does so for their city.",
    fr="Ici, chaque délégation parle d’une seule voix : quiconque propose ou soutient le fait pour sa ville.",
)
_TITLE = Trilingual(
    es="Declaración sobre las líneas tardías", en="Declaration on late lines", fr="Déclaration sur les lignes tardives"
)
_TEXTS = (
    Trilingual(
        es="Ninguna ciudad suspenderá su última línea nocturna sin ofrecer otro modo de volver a casa.",
        en="No city shall withdraw its last night line without offering another way home.",
        fr="Aucune ville ne supprime sa dernière ligne de nuit sans offrir un autre moyen de rentrer chez soi.",
    ),
    Trilingual(
        es="Las paradas nocturnas estarán iluminadas y a la vista de otras personas.",
        en="Night stops shall be lit and within sight of other people.",
        fr="Les arrêts de nuit sont éclairés et visibles d’autres personnes.",
    ),
    Trilingual(
        es="Quienes conducen de noche tendrán descanso, abrigo y a quién llamar.",
        en="Those who drive at night shall have rest, shelter and somebody to call.",
        fr="Celles et ceux qui conduisent la nuit disposent de repos, d’un abri et de quelqu’un à appeler.",
    ),
)
_PEOPLE: Mapping[str, Role] = {  # of the cast; the city of Montfanal has two
    "lezcano": Role.CHAIR,
    "oduya": Role.SECRETARIAT,
    "castagnier": Role.MEMBER,
    "morvan": Role.MEMBER,
    "pell": Role.MEMBER,
    "khubeka": Role.MEMBER,
}
_PROPOSES, _SUPPORTS = "castagnier", "pell"
_INSTEAD = (
    "Aucune ville ne supprime sa dernière ligne de nuit sans offrir, le même soir, un autre moyen de rentrer chez soi."
)
_REASON = "Entre la suppression et la solution de rechange, personne ne doit attendre sous la pluie."


def make_second_forum(db: Db, *, network: Trilingual, cast: Mapping[str, Actor], admin: Actor) -> Forum:
    """Found it among people who are there already, with a draft, an amendment of one city and another one's support."""
    people = PeopleService(db)
    forum = people.found(
        network=network, slug=SECOND_FORUM, name=_NAME, description=_ABOUT, timezone="Europe/Paris",
        starts_on=date(2026, 12, 3), ends_on=date(2026, 12, 4), actor=OPERATOR,
    )  # fmt: skip
    known = {key: db.get_one(Person, actor.person_id) for key, actor in {**cast, "admin": admin}.items()}
    mandates = MandateService(db)
    for key, role in {**_PEOPLE, "admin": Role.ADMIN}.items():
        person = known[key]
        mandates.give(forum, person, role=role, organisation=person.mandates[0].organisation, actor=OPERATOR)
    db.flush()
    db.expire_all()
    speaking = {key: known[key].as_actor() for key in (*_PEOPLE, "admin")}
    people.change_settings(
        forum, registration=Registration.INVITATION, guest_comments=False, one_voice=True,
        is_public_programme=True, actor=speaking["admin"],
    )  # fmt: skip
    service = DeclarationService(db)
    blocks = [
        NewBlock(BlockKind.OPERATIVE, {language: text.said_in(language) for language in Language}) for text in _TEXTS
    ]
    draft = service.create(forum, slug=SECOND_DRAFT, name=_TITLE, language=Language.EN, blocks=blocks, actor=OPERATOR)
    service.enter(draft, Phase.REVIEW, actor=OPERATOR)
    first = str(queries.head_rows(db, draft)[0].block_id)
    filed = AmendmentService(db).propose(
        draft.id, base_revision=1, language=Language.FR, changes=[Change(ChangeOp.REWORD, first, text=_INSTEAD)],
        reason=_REASON, actor=speaking[_PROPOSES],
    )  # fmt: skip
    BackingService(db).support(filed.id, actor=speaking[_SUPPORTS])
    return forum
