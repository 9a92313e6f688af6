"""Where the words that recommend begin and end inside a longer sentence, in three languages.

The pieces are regular expressions read without regard to case, between the bounds of words.
"""

from collections.abc import Mapping

from msgspec import Struct

from workspace.interchange.notes.rules.table import word_set


class Clauses(Struct, frozen=True):
    """The bounds of clauses of one language."""

    leads: frozenset[str]
    """First words of what only leads in ("In this context, …"); never a condition, which changes what is asked."""
    determiners: frozenset[str]
    """First words of a subject, where the language always has one; empty where it has none."""
    connectors: str
    """What ties a sentence to the one before it ("that is why")."""
    impersonal: str
    """How a cue without a subject begins: what stands before it is no part of it."""
    reasons: str
    """What follows a comma and only explains, justifies or concludes."""
    asides: str
    """What follows a comma and only adds to the last noun."""
    relative: str
    """What begins a clause inside the clause."""
    gerund: str
    """A participle after a comma, that adds how an aim is pursued."""
    roles: str
    """A claim of what local governments are: kept as a key message where a note has no section of them."""
    premises: str
    """What stands before a claim that is only a premise: such a claim ends at its comma."""


CLAUSES: Mapping[str, Clauses] = {
    "es": Clauses(
        leads=word_set(
            "en ante tras durante por para con como dado dada dados dadas bajo así además también asimismo actualmente "
            "hoy según desde al y pero finalmente mientras ahora entre sobre de sin más igualmente gracias frente "
            "partiendo teniendo considerando a última últimamente primero segundo tercero e incluso"
        ),
        determiners=word_set(
            "el la los las un una unos unas su sus este esta estos estas ese esa esos esas nuestro nuestra nuestros "
            "nuestras cada todo toda todos todas es son será serán se lo no hay debe deben debemos tenemos necesitamos "
            "resulta ambos ambas otro otra otros otras muchos muchas algunas algunos"
        ),
        connectors=(
            r"es por (?:ello|eso|esto) que|por (?:ello|eso|esto|tanto|lo tanto|consiguiente)|para ello|así pues|"
            r"en consecuencia|de ahí que|y"
        ),
        impersonal=r"(?:se|es|será|sería|resulta|hay|hace|lo)\s",
        reasons=(
            r"(?:es por (?:ello|eso|esto)(?: que)?|por (?:lo|ello|eso) (?:que|cual)|por ello|por eso|ya que|pues|"
            r"puesto que|dado que|debido a|porque|para lo cual|lo que|lo cual|"
            r"(?:con el fin|a fin|con el objetivo|con el objeto|con miras) (?:de|a)|para (?:el|la|los|las)\s)"
        ),
        asides=r"(?:que|quienes|quien|el cual|la cual|los cuales|las cuales|donde|cuy[oa]s?)",
        relative=r"que",
        gerund=r"\w+(?:ando|iendo|yendo)",
        roles=(
            r"(?:(?:l[oa]s|nuestr[oa]s) )?(?:gobiernos locales(?: y regionales)?|gobiernos territoriales|"
            r"autoridades locales|(?:ciudades|regiones|municipios|territorios|ayuntamientos|comunidades)(?: \w+)?) "
            r"(?:son|ocupan|desempeñan|juegan|constituyen|representan|están) (?:\w+ ){0,5}?"
            r"(?:motor(?:es)?|intermediari[oa]s?|posición|papel|actor(?:es)?|pilar(?:es)?|puentes?|"
            r"primera línea|protagonistas|bisagras?|piezas?|eslab(?:ón|ones)|garantes|guardian[ea]s|corazón|columna)"
        ),
        premises=r"(?:en la medida en que|bajo la premisa de que|dado que|ya que|puesto que|como|si|aunque|porque)",
    ),
    "en": Clauses(
        leads=word_set(
            "because following in on at during after before given since while as to for from with under "
            "however therefore moreover "
            "furthermore also thus finally further today now first firstly second secondly third lastly likewise "
            "similarly looking building drawing faced against across throughout among by and but consequently "
            "accordingly hence instead above beyond overall nevertheless still so"
        ),
        determiners=frozenset(),
        connectors=r"(?:that|this) is why|for this reason|therefore|hence|thus|so|and",
        impersonal=r"(?:it (?:is|was|will|remains|would)|there (?:is|was|remains)|what is needed)\s",
        reasons=(
            r"(?:because|since|which (?:means|is|was|makes|are|would)|as this|given that|thereby|"
            r"therefore|hence|for the sake of|"
            r"in order to|with a view to|which is why|for which|to which end|for (?:the|a) \w+ of)"
        ),
        asides=r"(?:which|who|whose|where|whom)",
        relative=r"(?:that|which)",
        gerund=r"\w+ing",
        roles=(
            r"(?:our |the )?(?:local(?: and regional)? (?:governments|authorities)|(?:\w+ )?(?:cities|towns|regions|"
            r"municipalities|territories|mayors|councils|harbours|villages)) (?:are|hold|play|remain|"
            r"occupy|act as|stand) (?:\w+ ){0,5}?"
            r"(?:engines?|intermediar(?:y|ies)|position|roles?|actors?|pillars?|bridges?|front line|frontline|"
            r"drivers|cornerstones?|hubs?|laboratories|backbone|heart|guardians|links?)"
        ),
        premises=r"(?:insofar as|since|because|given that|as|if|although|on the premise that|considering that)",
    ),
    "fr": Clauses(
        leads=word_set(
            "en dans au aux à après avant pendant durant face compte afin pour par sur comme ainsi donc cependant "
            "toutefois enfin aussi selon depuis dès alors étant aujourd'hui aujourd’hui sous avec pourtant néanmoins "
            "or mais et "
            "d'abord ensuite devant grâce partant parmi de par également désormais vu premièrement deuxièmement"
        ),
        determiners=word_set(
            "le la les un une des son sa ses leur leurs ce cet cette ces notre nos chaque tout toute tous toutes "
            "l d il nous on elles ils elle certains certaines plusieurs aucun aucune"
        ),
        connectors=r"c['’]est pourquoi|pour cela|par conséquent|en conséquence|ainsi|donc|et",
        impersonal=r"(?:il (?:faut|est|a|sera|serait|faudra|convient|importe|reste)|ce qu)",
        reasons=(
            r"(?:car|puisque|parce qu(?:e|['’])|étant donné|c['’]est pourquoi|"
            r"ce qui|ce que|pour laquelle|pour lequel|pour quoi|afin (?:de|d['’]|que)|en vue d(?:e|['’])|"
            r"si bien que|d['’]où|pour (?:le|la|les)\s)"
        ),
        asides=r"(?:qui|lequel|laquelle|lesquels|lesquelles|dont|où)",
        relative=r"(?:qui|que|qu['’])",
        gerund=r"en \w+ant",
        roles=(
            r"(?:les |nos )?(?:gouvernements locaux(?: et régionaux)?|collectivités(?: territoriales| locales)?|villes|"
            r"régions|communes|territoires|autorités locales|municipalités)(?: \w+)? "
            r"(?:sont|occupent|jouent|constituent|représentent|restent) (?:[\w'’]+ ){0,5}?"
            r"(?:moteurs?|intermédiaires?|position|rôle|acteurs?|piliers?|ponts?|première ligne|maillons?|"
            r"chevilles?|garants?|gardien(?:ne)?s?|cœur)"
        ),
        premises=r"(?:dans la mesure où|puisque|étant donné que|parce que|comme|si|bien que|considérant que)",
    ),
}

NOBODY_LEFT_BEHIND = (
    r"(?:sin|no) dejar a nadie(?: \w+){0,6} atrás|leav(?:e|ing) no[- ]one(?: \w+){0,6} behind|"
    r"(?:ne|sans) laisser personne(?: \w+){0,5} (?:de côté|pour compte|derrière)"
)
