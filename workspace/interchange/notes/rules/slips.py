"""Slips of scanning and writing, ends and blanks, in three languages."""

from collections.abc import Mapping

LANGUAGE_QUALITY: Mapping[str, tuple[tuple[str, str], ...]] = {
    "es": (
        (r"¿(?:Como|Que|Cual|Cuales|Quien|Quienes|Cuando|Donde)\b", "a question word without its accent"),
        (r"\b(?:la|el|los|las) cuál(?:es)?\b", "an accent on a relative"),
        (r"\bcómo más\b", "an accent on a comparison"),
        (r"\b(?:contribuir|contribuye|contribuyen) (?:la|el|los|las)\b", "“contribuir” without “a”"),
        (r"\bsi no que\b", "“sino que” in two words"),
        (r"\ben base a\b", "“en base a”"),
        (r"\bentorno a\b", "“en torno a” in one word"),
        (r"\bhabían (?:muchos|muchas|varios|varias)\b", "a plural “había”"),
    ),
    "en": (
        (r"\b(?:a) (?:[aeio]\w+ly|agenda|action|area|opportunity|initiative|agreement|event)\b", "“a” before a vowel"),
        (r"\bit's (?:own|role|members|citizens|mandate)\b", "“it's” for “its”"),
        (r"\b(?:should|could|must|would) of\b", "“of” for “have”"),
        (r"\bless (?:people|cities|members|participants)\b", "“less” for “fewer”"),
        (r"\binformations\b|\badvices\b", "a plural that English has not"),
    ),
    "fr": (
        (r"\bmalgrès\b|\bparmis\b|\bhormi\b", "a spelling"),
        (r"\bsi (?:nous|vous|ils|elles|on) (?:aurions|auriez|auraient|aurait)\b", "a conditional after “si”"),
        (r"\bles (?:ville|région|commune|citoyen|élu|territoire)\b", "a plural without its mark"),
        (r"\bau niveau du vécu\b|\bce sont les (?:qui)\b", "a turn of phrase"),
    ),
}
IMPOSSIBLE = {
    "es": (
        r"\b\w*(?:[bdfgkmpqstvzj])(?:(?<=b)b|(?<=d)d|(?<=f)f|(?<=g)g|(?<=m)m|(?<=p)p|(?<=s)s|(?<=t)t)\w*\b|"
        r"\b\w*[bcdfghjkmnpqrstvwxz]ll\w+"
    ),
    "en": r"\b\w*(\w)\1\1\w*\b",
    "fr": r"\b\w*(\w)\1\1\w*\b",
}
"""Runs of letters that no word of the language has."""
DOUBLED = r"(?<![\w-])([^\W\d_]{3,})\s\1(?![\w-])"
"""A word that stands there twice."""
USUALLY_DOUBLED = frozenset({"nous", "vous", "very", "that", "had", "poco", "muy", "bis"})
HEADER_NUMERAL = (
    r"^(?:Y|U|l|T|1l|ll|lI|Il) (?:FORO|CONGRESO|CUMBRE|FORUM|CONGRESS|SUMMIT|CONGRÈS|SOMMET|ASAMBLEA|ENCUENTRO|"
    r"CONFERENCIA)\b"
)
"""A Roman numeral as scanning spoils it."""
WORDS_OF_ADDRESSES = (
    "international", "regional", "government", "municipality", "association", "network", "council", "secretariat",
    "communication", "ayuntamiento", "ciudades", "gobierno", "internacional", "asociacion", "secretaria",
    "collectivites", "secretariat", "association", "gouvernement", "participation", "commission",
)  # fmt: skip
RELATIVE_DATES = (
    (
        r"\b(?:el|los|la|las) próxim[oa]s? (?:(?:\d{1,3}|\w+) )?(?:meses|mes|años|año|semanas|semana|días|lunes|"
        r"primavera|otoño|verano|invierno)\b"
    ),
    (
        r"\b(?:el (?:año|mes) (?:que viene|pasado|próximo)|este año|este mes|la semana pasada|hace (?:\d+|"
        r"\w+) (?:años|meses))\b"
    ),
    (
        r"\b(?:the )?(?:next|coming|last|past) (?:(?:\d{1,3}|\w+) )?(?:months?|years?|weeks?|days|spring|"
        r"autumn|summer|winter)\b"
    ),
    r"\b(?:this (?:year|month|week|spring|autumn|summer|winter)|(?:\d+|two|three|four|five|ten) years ago)\b",
    (
        r"\b(?:les? )?prochain(?:e?s)? (?:\w+ )?(?:mois|années?|ans|semaines?)\b|\b(?:l['’]an|le mois|l['’]année) "
        r"(?:prochaine?|derni(?:er|ère)|passée?)\b|\bcette année\b|\bce mois-ci\b|\bil y a (?:\d+|\w+) (?:ans|mois)\b"
    ),
    r"\b(?:\d+|un|dos|tres|cuatro|cinco) años después\b",
)
NUMBERS: Mapping[str, int] = {
    "dos": 2, "tres": 3, "cuatro": 4, "cinco": 5, "seis": 6, "siete": 7, "ocho": 8, "nueve": 9, "diez": 10,
    "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10,
    "deux": 2, "trois": 3, "quatre": 4, "cinq": 5, "sept": 7, "huit": 8, "neuf": 9, "dix": 10,
}  # fmt: skip
BOTH = r"\b(?:ambos|ambas|los dos|las dos|both|les deux)\b"
THESE = r"\b(?:estos|estas|these|ces)\b"
OPENS_WITH = (
    r"(?:comenzará|empezará|se abrirá|dará comienzo|will (?:begin|start|open)|begins|starts|opens|"
    r"commencera|s['’]ouvrira|"
    r"débutera) (?:con|with|par|avec) (?P<what>[^.;:«“(]{8,90})"
)
OPENING = r"\b(?:apertura|inaugura\w*|opening|ouverture)\b"
PARTNERSHIP = (
    r"(?:asociación|alianza|colaboración|partnership|alliance|partenariat|coopération) (?:entre|between|of) "
    r"(?:l[oa]s? |the |les? |la |l['’])?(?P<one>[A-Z][\w-]{1,20}) (?:y|and|et) (?:l[oa]s? |the |les? |la |"
    r"l['’])?(?P<two>[A-Z][\w-]{1,20})\b"
)


CLOSED_AT = (
    r"se (?:levanta|levantó|cierra|cerró|clausura) (?:la )?(?:sesión|reunión)?(?: [\w'’]+){0,4}? a las?|"
    r"(?:la )?(?:sesión|reunión) (?:termina|terminó|concluye|concluyó|finaliza|finalizó)(?: [\w'’]+){0,4}? a las?|"
    r"(?:the )?(?:meeting|session) (?:was )?(?:closed|ended|adjourned|rose|finished)(?: [\w'’]+){0,4}? at|"
    r"(?:la )?(?:séance|réunion|session) (?:est|a été|fut) (?:levée|close)(?: [\w'’]+){0,4}? à|"
    r"(?:la )?(?:séance|réunion|session) (?:s['’]achève|prend fin|se termine)(?: [\w'’]+){0,4}? à"
)
"""What stands before the time at which a meeting ended."""
STILL_OPEN = (
    r"por definir|por determinar|a definir|pendiente de definir|por completar|"
    r"to be determined|to be decided|to be defined|tbd|to be completed|"
    r"à définir|à déterminer|à préciser|à compléter"
)
"""A place that was left for later; people still to be confirmed are told of elsewhere."""
LINK_WORDS = (
    r"(?:descargar|ver|consultar|leer|enlace al?) (?:el |la |los |las )?(?:\w+ ){0,3}\w+|haga clic aquí|pulse aquí|"
    r"(?:download|read|see|view) (?:the )?(?:full |complete )?(?:document|report|programme|agenda|study|form)|"
    r"click here|"
    r"(?:télécharger|consulter|lire|voir) (?:le |la |les |l['’])?(?:\w+ ){0,3}\w+|cliquez ici"
)
"""A whole line that was a link, and has lost its address."""
LINKED = (
    "documento", "informe", "programa", "estudio", "formulario", "agenda", "reunion", "acta", "declaracion", "aqui",
    "document", "report", "programme", "study", "form", "here", "rapport", "etude", "formulaire", "compte", "ici",
)  # fmt: skip
