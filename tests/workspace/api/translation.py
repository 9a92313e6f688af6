"""What translators write, agree on, hand out, sign and exchange."""

from tests.workspace.api.knocking import Knock, Place
from workspace.core.actor import Role
from workspace.core.storage.db import new_id


def texts(place: Place) -> list[Knock]:
    """Texts of one language."""
    text = f"{place.table.path}/blocks/{place.block}/texts"
    french, drafts = f"{text}/fr", f"{place.table.path}/translation-drafts"
    draft = {"block_id": place.block, "language": "fr", "content": "L’e", "sources": ["en"]}
    kept = place.house[Role.TRANSLATOR].post(drafts, draft).json()["id"]
    return [
        Knock(Role.TRANSLATOR, "begin_translation_draft", drafts, draft),
        Knock(Role.TRANSLATOR, "keep_translation_draft", f"/translation-drafts/{kept}", draft),
        Knock(Role.TRANSLATOR, "discard_translation_draft", f"/translation-drafts/{new_id()}", None),
        Knock(Role.TRANSLATOR, "save_translation", f"{text}/fr", {"content": "L’eau.", "sources": ["en"]}),
        Knock(Role.TRANSLATOR, "call_change_editorial", f"{text}/es/editorial", None),
        Knock(Role.TRANSLATOR, "confirm_translation", f"{text}/es/confirmation", None),
        Knock(Role.CHAIR, "leave_text_out", f"{text}/fr/absence", {"reason": "A local matter."}),
        Knock(Role.TRANSLATOR, "check_words", f"{french}/check", {"content": "L’eau."}),
        Knock(Role.TRANSLATOR, "waive_check", f"{french}/waivers", {"check": "end_punct", "reason": "So."}),
    ]


def wording(place: Place) -> list[Knock]:
    """Terms, memory, signatures and exchange."""
    forum, path, nowhere = place.forum, place.table.path, str(new_id())
    french = f"{path}/blocks/{place.block}/texts/fr"
    term, table = {"en": ["water"], "fr": ["eau"]}, {"content": "en,fr\nwater,eau\n"}
    memory = {"content": "<tmx version='1.4'><body/></tmx>", "name": "old.tmx"}
    amendment, block = f"/amendments/{nowhere}", place.block
    prepared = {"block_id": block, "language": "fr", "content": "L’eau."}
    translator, chair = Role.TRANSLATOR, Role.CHAIR
    return [
        Knock(chair, "agree_on_term", f"{forum}/glossary/terms", term),
        Knock(chair, "change_term", f"{forum}/glossary/terms/{nowhere}", term),
        Knock(chair, "remove_term", f"{forum}/glossary/terms/{nowhere}", None),
        Knock(chair, "take_glossary_in", f"{forum}/glossary/table", table),
        Knock(chair, "choose_style", f"{forum}/style", {"profile": "un"}),
        Knock(chair, "take_memory_in", f"{forum}/memory", memory),
        Knock(chair, "take_own_glossary_in", f"{path}/glossary/table", table),
        Knock(chair, "agree_on_own_term", f"{path}/glossary/terms", term),
        Knock(chair, "change_own_term", f"{path}/glossary/terms/{nowhere}", term),
        Knock(chair, "remove_own_term", f"{path}/glossary/terms/{nowhere}", None),
        Knock(chair, "choose_own_style", f"{path}/style", {"profile": "eu"}),
        Knock(translator, "sign_concordance", f"{path}/concordance", {"paragraphs": [{"block_id": block}]}),
        Knock(translator, "sign_off_language", f"{path}/sign-offs", {"language": "fr", "texts": "0"}),
        Knock(translator, "review_translations", f"{path}/reviews", {"versions": [nowhere], "verdict": "approved"}),
        Knock(chair, "assign_translation", f"{path}/assignments", {"language": "fr", "person_id": nowhere}),
        Knock(chair, "unassign_translation", f"{path}/assignments/{nowhere}", None),
        Knock(translator, "claim_text", f"{french}/claim", None),
        Knock(translator, "release_text", f"{french}/claim", None),
        Knock(translator, "take_xliff_in", f"{path}/xliff", {"content": "<xliff/>"}),
        Knock(translator, "settle_suggestion", f"{path}/suggestions/{nowhere}/settlement", {"is_taken": False}),
        Knock(translator, "prepare_translation", f"{amendment}/translations", prepared),
    ]
