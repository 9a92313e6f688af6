"""Spanish cues."""

from workspace.interchange.notes.rules.table import Cues, plain_words, word_set

_NEEDED = (
    "(?:necesari[oa]s?|esencial(?:es)?|clave|fundamental(?:es)?|imprescindibles?|precis[oa]s?|perentori[oa]|"
    "indispensables?|crucial(?:es)?|vital(?:es)?|urgentes?|prioritari[oa]s?|primordial(?:es)?|imperativ[oa]s?)"
)
_BE = "(?:es|son|será|serán|sería|serían|resulta|resultan|se vuelven?|sigue siendo)"
_SAID = (
    "(?:subray|destac|insist|recalc|señal|plante|enfatiz|reiter|reconoc|afirm|coincid)"
    "(?:ó|aron|ieron|ió|a|an|amos|emos|imos|ando|iendo|e|en)"
)
_ASK = "(?:recomend|propus|propon|sugir|acord|decid|inst|exhort|solicit|pid|ped|convin|resolv|llam|reclam)"

SPANISH = Cues(
    **plain_words("es"),
    requirements=(
        rf"{_BE} (?:muy |también |absolutamente |ahora |más )?{_NEEDED}(?! para (?!{{inf}}))",
        rf"{_BE} (?:muy |también )?importante (?:que|{{inf}})",
        r"lo que se necesita es",
        r"se (?:necesitan?|requieren?|precisan?)",
        r"hace falta",
        r"urge (?:que|{inf})",
        r"hay que",
        r"(?:ha|han|hemos) de {inf}",
        r"debe(?:n|mos|rá|rán|remos|ría|rían|ríamos)?",
        r"(?:tenemos|tienen?|tendrán?|tendremos|tendrían?|tendríamos) que",
        r"necesita(?:n|mos|rán?)?",
        r"requiere[n]?",
        (
            r"se (?:decidió|decide|acordó|acuerda|recomendó|recomienda|sugiere|sugirió|resolvió|convino|insta|"
            r"exhorta|pide|"
            r"pidió|solicita|"
            r"solicitó|instó|exhortó)"
        ),
        r"se propo(?:ne|nen|uso) (?:que|{inf})",
        r"(?:recomendamos|proponemos|instamos|exhortamos|pedimos|solicitamos|reclamamos|urgimos|acordamos)",
        r"(?:recomiendan?|recomendaron|recomendó) (?:que|a|{inf})",
        r"(?:instan?|instaron|instó|exhortan?|exhortaron|exhortó|urgen|urgieron|urgió) a",
        r"(?:propone|proponen|sugiere|sugieren|pide|piden|solicita|solicitan|exige|exigen|reclama|reclaman) que",
        (
            r"(?:acordaron|acordó|pidieron|pidió|propusieron|propuso|solicitaron|solicitó|decidieron|"
            r"decidió) (?:que|{inf})"
        ),
        r"(?:llamamos|hacemos un llamad\w+|hacemos un llamamiento|llaman|llamaron|nos comprometemos|se compromet\w+) a",
        r"abogamos por|apostamos por",
        (
            r"(?:demandan?|exigen?)(?: [\w'’,]+){0,3}? (?:de|a) (?:l[oa]s |nuestr[oa]s |el |la )?(?:autoridad|"
            r"gobierno|ciudad|"
            r"municipi|estado|ayuntamiento|instituci|regi|administraci)\w*"
        ),
        rf"{_SAID} (?:en )?(?:sobre )?la (?:\w+ )?necesidad de",
        r"(?:hay|existe) (?:una |la )?(?:\w+ )?necesidad de",
        r"(?:es hora|ha llegado el momento|es el momento) de",
        r"(?:es|son|fue|como) (?:un |una )?(?:\w+ )?(?:recordatorio|prueba|señal) (?:\w+ y \w+ )?de la necesidad de",
        (
            r"(?:el|nuestro|su|un) (?:gran |principal |verdadero )?(?:reto|desafío) "
            r"(?:es|consiste en|sigue siendo|será)(?: ahora| hoy)? {inf}"
        ),
        r"(?:nuestra|es) (?:la )?responsabilidad(?: [\w'’]+){0,8} (?:es )?{inf}",
        r"lo (?:crítico|importante|urgente|necesario|esencial) que (?:es|resulta) {inf}",
        r"(?:está|están|queda|quedan) llamad[oa]s? a",
    ),
    hedges=(
        r"momento idóneo para",
        r"(?:convendría|cabría|valdría la pena|sería (?:conveniente|útil|deseable|oportuno|recomendable|aconsejable))",
        r"(?:podría|podrían|puede) (?:ser (?:útil|conveniente|oportuno)|considerarse|plantearse|valorarse)",
        r"es (?:conveniente|recomendable|aconsejable|deseable) (?:que|{inf})",
    ),
    refusals=(
        r"no (?:es|será|sería|son|hace) (?:necesari[oa]s?|imprescindibles?|obligatori[oa]s?|falta|precis[oa]s?)",
        r"no (?:necesitan?|requieren?|se requiere|se necesita|tienen? que|hay que)",
        (
            r"(?:si|cuando|donde|donde no|aunque|siempre que) (?:no )?(?:lo |la |se |ya )?"
            r"(?:es|son|sea|sean|fuera|fuese|necesita\w*|requiere\w*|debe\w*)"
        ),
        r"(?:quién|quiénes|qué|cómo|cuándo|dónde) (?:\w+ ){0,4}?(?:deben?|tienen? que|necesitan?|hay que)",
        r"se deben? a",
        r"lo que (?:es|son) \w+",
        r"deben? su",
        r"(?:tienen?|tendrán?) que ver",
        r"(?:l[oa]s|el|las) \w+ que (?:se )?(?:deben?|requieren?|necesitan?|tienen? que)",
        (
            r"(?:es|resulta) (?:muy |también )?(?:importante|necesario|preciso|fundamental|imprescindible) "
            r"(?:señalar|destacar|recordar|mencionar|subrayar|resaltar|aclarar|tener en cuenta)"
        ),
        r"(?:hay que|debemos|debe) (?:señalar|destacar|recordar|mencionar|subrayar|resaltar|decir)(?:se)?",
        r"al ser (?:un[oa]? )?\w+",
        r"(?:por|para) (?:lo )?que (?:es|son) (?:necesarias?|clave)(?= los? que)",
    ),
    logistics=(
        (
            r"(?:se requiere|requiere|es necesari[ao]|es imprescindible|es obligatori[ao]) (?:la |el |una? "
            r")?(?:previ[ao] )?"
            r"(?:inscripción|registro|acreditación|reserva|confirmación)"
        ),
        (
            r"(?:inscripción|registro|acreditación) (?:previ[ao] |en línea |online )*(?:es |será |son )?"
            r"(?:necesari|obligatori|requerid|imprescindible|cerr|abiert)"
        ),
        r"(?:inscribirse|registrarse|acreditarse|preinscribirse|conectarse)",
        r"confirmar (?:su |la )?(?:asistencia|participación|presencia)",
        (
            r"(?:enviar|remitir|entregar|presentar|hacer llegar) (?:su|sus|la|las|el|los|una|un) (?:\w+ )?"
            r"(?:presentaci|ponencia|biograf|resumen|formulario|currícul|diapositiva|fotograf)\w*"
        ),
        r"formulario de (?:inscripción|registro)",
        (
            r"(?:l[oa]s )?(?:ponentes|panelistas|asistentes|participantes|oradores|moderadores|interesad[oa]s) "
            r"(?:\w+ ){0,3}(?:debe|deberá|tiene|tendrá|necesita)\w*"
        ),
        (
            r"(?:enmiendas|comentarios|observaciones|aportaciones|contribuciones|candidaturas)(?: \w+){0,6} "
            r"(?:deben|deberán|han de|tienen que|tendrán que) (?:\w+ )?(?:enviar|remitir|presentar|entregar|llegar)\w*"
        ),
        (
            r"(?:secretaría|relator[ae]?s?|relatoría) (?:\w+ )?(?:debe|deberá|ha de|tiene que|tendrá que) (?:\w+ )?"
            r"(?:enviar|remitir|presentar|circular|distribuir|redactar|preparar|convocar|difundir|recoger)"
        ),
        (
            r"(?:texto|borrador|acta|informe) (?:debe|deberá|ha de|tiene que) (?:\w+ ){0,3}"
            r"en la (?:próxima|siguiente) (?:reunión|sesión)"
        ),
        r"zoom|auriculares|micrófonos?|pasaporte|visado|interpretación simultánea|aforo",
        r"(?:llegar|presentarse|conectarse|acceder) (?:\w+ ){0,3}minutos antes",
        r"(?:máximo|máx\.?|límite) (?:de )?\d+ palabras",
        r"(?:este|el) (?:formulario|formato|documento|apartado) (?:\w+ )?(?:debe|deberá)",
    ),
    list_openings=(
        r"cómo",
        r"incluy[ae]n?",
        r"(?:recomendaciones|propuestas|compromisos|prioridades|acuerdos|demandas)(?: \w+){0,6}",
        (
            r"(?:recomiendan?|recomendamos|recomendaron|proponen?|proponemos|propusieron|piden?|pedimos|pidieron|"
            r"solicitan?|solicitamos|solicitaron|exigen?|exigimos|instan?|instamos|acordaron|acordamos)"
            r"(?: [\w'’]+){0,6}"
        ),
        (
            r"se (?:acuerda|acordó|recomienda|propone|decide|decidió|resuelve|pide|solicita|insta|"
            r"exhorta)(?: [\w'’]+){0,6}"
        ),
        r"para ello",
    ),
    infinitive=r"\w{2,}(?:ar|er|ir|ír)(?:se|l[oae]s?)?",
    not_infinitives=word_set(
        "lugar hogar poder mujer taller alquiler pilar bienestar ayer militar popular circular auxiliar "
        "azúcar porvenir "
        "deber particular similar regular singular titular escolar familiar líder canciller carácter par "
        "solar nuclear celular azar altar bar mar sur"
    ),
    means=(
        r"mecanismos? (?:\w+ ){0,2}para",
        r"como (?:una )?(?:forma|vía|manera|medio|fórmula) (?:\w+ ){0,1}(?:de|para)",
    ),
    calls_to_actors=word_set("alinear movilizar comprometer involucrar implicar instar exhortar"),
    coordination=r"(?:; ?(?:y |e |o )?|,? así como,? )(?:de |que )?",
    relative=(r", lo que", r", lo cual", r", con el fin de", r", con (?:el|la|los|las)"),
    purposes=(
        r"pretende",
        r"tiene (?:como|por) (?:objetivo|objeto|finalidad|fin)",
        r"busca(?:rá)?",
        r"el objetivo (?:\w+ ){0,4}es",
    ),
    limits=(
        r"(?:m[áa]x(?:imo|\.)?|hasta|l[íi]mite(?: de)?|no m[áa]s de) ?(?:de )?(\d{1,5}) ?palabras",
        r"(\d{1,5}) palabras(?: (?:como )?m[áa]x(?:imo|\.)?)?",
    ),
)
