"""The few sentences that ask for a change beyond doubt, in three languages.

Each word of a sentence belongs to a class, or means nothing for it; a sentence with any other word is not read. So
no rule has to look for what may turn its meaning round. The classes of a sentence make a string, its shape:

* `Q` words in quotation marks, `P` named paragraphs, `&` and;
* `R` replace, `D` delete, `I` insert, `L` reads, `B` by, `X` instead of, `G` an arrow;
* `A` after, `F` before, `E` at the end, `S` at the start, `N` new.
"""

import re
from collections.abc import Mapping, Sequence
from functools import cache

from msgspec import Struct

from drafts.patterns import expression
from workspace.interchange.side_door.asked import Kind
from workspace.interchange.side_door.signs import ANY, PLACE, QUOTE, folded

BULLET = expression(r"\A[ \t]*(?:[-–—•*·]|\(?\d{1,3}[.)]|\(?[a-z][.)])[ \t]+")
_MODAL = r"(?:should|shall|must|would|to|deben?|deberian?|doit|devrait|doivent|devraient)"
_CLASSES: Mapping[str, str] = {
    "X": r"instead of|in place of|rather than|en lugar de|en vez de|donde dice|au lieu d[eu]|a la place d[eu]"
    r"|plutot que",
    "L": rf"(?:(?:{_MODAL}|now) )?(?:be )?(?:reads?|reading|say|use|reword(?:ed)?|worded|redraft|amend|becomes?)"
    rf"|(?:{_MODAL} )?(?:decir|leerse)|(?:que )?(?:diga|dira|diria)|lease|qued(?:e|ara|aria)|redactad[oa]|redactar"
    r"|modifi(?:car|quese|er|ez)|poner|pasa a (?:ser|decir)|se leeria|con el (?:siguiente texto|texto siguiente)"
    rf"|(?:{_MODAL} )?se (?:lire|lirait|lit)|lire|lisez|mettre|devient|serait|redige[re]?e?|libelle[re]?e?|reformuler"
    r"|(?:new|proposed|suggested|revised) (?:text|wording|version)|(?:nuev[oa]|propuest[oa]) (?:texto|redaccion)"
    r"|(?:texto|redaccion) (?:nuev[oa]|propuest[oa])|(?:nouveau|nouvelle) (?:texte|redaction|libelle)"
    r"|(?:texte|redaction|libelle) (?:nouveau|nouvelle|propose)e?",
    "E": r"at (?:the |its )?end|in fine|al final|a la fin",
    "S": r"at (?:the |its )?(?:beginning|start)|al (?:principio|comienzo|inicio)|au debut",
    "A": r"(?:immediately |justo |juste )?(?:after|despues del?|tras|apres)|a continuacion del?|a la suite d[eu]",
    "F": r"(?:immediately |justo |juste )?(?:before|antes del?|avant)",
    "R": r"replac(?:e|es|ed|ing|ement of)|substituted?|changed?|(?:se )?(?:su[bs]+titu\w+|re?empla[zc]\w+|cambi\w+)"
    r"|remplac\w+|chang(?:er|ez)",
    "D": r"delet(?:e|es|ed|ing|ion of)|remov(?:e|ed|ing)|strike(?: out)?|omit(?:ted)?|drop(?:ped)?"
    r"|(?:se )?(?:suprim\w+|supresion|elimin\w+|borr\w+|tach\w+|quit\w+)|supprim\w+|suppression|biff\w+"
    r"|(?:retir|enlev|ray)(?:er|ez)",
    "I": r"insert(?:s|ed|ing|ion of)?|add(?:ed|ing)?|include"
    r"|(?:se )?(?:anad\w+|agreg\w+|insert\w+|intercal\w+|incorpor\w+|inclu\w+)|ajout\w*|inser(?:er|ez|e|ee|ees|es)",
    "N": r"new|additional|nuev[oa]|nouve(?:au|l|lle)|adicional",
    "B": rf"by|with|to|into|por|con|par|avec|en(?= {QUOTE})",
    "&": r"and|y|e|et|&",
    "G": r"-+>|=+>|→|⇒",
}
_BEFORE_WORDS = (
    r"(?:words?|phrases?|expressions?|terms?|sentences?|palabras?|frases?|expresion(?:es)?|terminos?|mots?|termes?)"
    rf"(?: (?:following|siguientes?|suivante?s?))?[ ,:]*(?={QUOTE})"
)
_BEFORE_PLACE = (
    r"(?:in|of|on|from|under|concerning|regarding|with regard to|en|con respecto a|dans|sous|s'agissant d[eu]|du|aux?"
    rf"|para|pour|al?)(?: the| el| la| los| le| les)? ?(?={PLACE})"
)
_NOTHING = (
    r"we would like to|(?:we|i) (?:propose|suggest|ask|request)(?: to| that)?|our proposal|should be|shall be|must be"
    r"|to be|be|is|are|(?:proponemos|propongo|sugerimos|solicitamos|pedimos)(?: que)?|debe|deben|deberia|deberian|ser"
    r"|sea|sean|que|por favor|(?:nous|je) (?:proposons|propose|suggerons|demandons|souhaitons)(?: que| de)?|est|sont"
    r"|soit|soient|etre|doit|doivent|devrait|devraient|veuillez|merci de|il convient de|please|kindly|also|as follows"
    r"|the following|thus|tambien|asi|como sigue|de la siguiente manera|(?:el|la|los|las)? ?siguientes?|aussi"
    r"|egalement|ainsi|comme suit|(?:le|la|les)? ?suivante?s?|whole|entire|entirely|completely|in its entirety"
    r"|integramente|por completo|en su totalidad|entierement|integralement|the|as|an?|for|of|text|paragraphs?|para"
    r"|el|la|los|las|lo|un|una|del?|texto|parrafo|le|les|une?|de|du|des|texte|paragraphe|alinea"
)


class Shape(Struct, frozen=True):
    """What a sentence of a shape asks for; `roles` are its quotations in order: old, new or mark."""

    kind: Kind
    roles: Sequence[str]


def _shapes(kind: Kind, written: str) -> dict[str, Shape]:
    """Shapes out of their lines: "RQBQ:old new"."""
    pairs = (line.split(":") for line in written.split("; "))
    return {shape: Shape(kind, roles.split()) for shape, roles in pairs}


OF_WORDS: Mapping[str, Shape] = {  # wherever the place stands in the sentence
    **_shapes(
        Kind.REPLACE,
        "RQBQ:old new; QRBQ:old new; XQLQ:old new; LQXQ:new old; QXQ:new old; QLQ:old new; QGQ:old new; DQ&IQ:old new",
    ),
    **_shapes(Kind.DELETE, "DQ:old; QD:old"),
    **_shapes(Kind.AFTER, "IQAQ:new mark; AQIQ:mark new; IAQQ:mark new; QIAQ:new mark"),
    **_shapes(Kind.BEFORE, "IQFQ:new mark; FQIQ:mark new; IFQQ:mark new; QIFQ:new mark"),
    **_shapes(Kind.AT_END, "IQE:new; IEQ:new; EIQ:new; QIE:new"),
    **_shapes(Kind.AT_START, "IQS:new; ISQ:new; SIQ:new; QIS:new"),
    **_shapes(Kind.SOMEWHERE, "IQ:new; IQB:new; IBQ:new; QI:new"),
}
OF_PARAGRAPHS: Mapping[str, Shape] = {  # the place is a part of what is said; a text may stand for the quotation
    **_shapes(Kind.DELETE_PARAGRAPH, "DP:; PD:"),
    **_shapes(
        Kind.REWORD, "PLQ:new; LPQ:new; PRBQ:new; RPBQ:new; RPQ:new; PRQ:new; RPLQ:new; PRLQ:new; LPLQ:new; LPBQ:new"
    ),
    **_shapes(Kind.WHOLE, "PQ:new"),
    **_shapes(Kind.NEW_AFTER, "INAPQ:new; IAPQ:new; APIQ:new; APINQ:new; NAPQ:new; IQAP:new; IQNAP:new; API&NQ:new"),
    **_shapes(Kind.NEW_AFTER, "INAPLQ:new; APINLQ:new; IAPNQ:new; APILQ:new; IAPLQ:new"),
    **_shapes(
        Kind.NEW_BEFORE,
        "INFPQ:new; IFPQ:new; FPIQ:new; FPINQ:new; NFPQ:new; IQFP:new; IQNFP:new; IFPNQ:new; INFPLQ:new",
    ),
    **_shapes(Kind.NEW_AT, "INPQ:new; NPQ:new; PNQ:new; INPLQ:new; NPLQ:new; IPNQ:new"),
}


def shape_of(sentence: str) -> str | None:
    """The shape of a sentence with signs; None where any of its words is none of those above."""
    words = BULLET.sub("", folded(sentence), count=1).strip(" .;:,()–—-!*\n")
    found, at = "", 0
    while at < len(words):
        match = _word().match(words, at)
        if match is None:
            return None
        found += {"nothing": "", "AND": "&"}.get(match.lastgroup or "", match.lastgroup or "")
        at = match.end()
    return re.sub("L+", "L", found)


def asks(sentence: str) -> bool:
    """Whether a sentence that is not read may ask for a change: it names a place, quotes words or has such a verb."""
    return bool(_asking().search(folded(sentence)))


@cache
def _word() -> re.Pattern[str]:
    """One word or phrase; phrases go before words with which they begin."""

    def group(name: str) -> str:
        sign = "&" if name == "AND" else name
        return rf"(?P<{name}>(?:{_CLASSES[sign]})(?!\w))" if name != "G" else rf"(?P<G>{_CLASSES['G']})"

    phrases, words = [group(name) for name in "XLESAF"], [group(name) for name in ("R", "D", "I", "N", "B", "AND")]
    nothing = rf"(?P<nothing>(?:[ ,.:()*–—]|-(?!>))+|{_BEFORE_WORDS}|{_BEFORE_PLACE}|(?:{_NOTHING})(?!\w)|[dl]')"
    return re.compile("|".join([f"(?P<Q>{QUOTE})", f"(?P<P>{PLACE})", group("G"), *phrases, nothing, *words]))


@cache
def _asking() -> re.Pattern[str]:
    return re.compile("|".join([ANY, *(rf"\b(?:{_CLASSES[sign]})(?!\w)" for sign in "RDI")]))
