"""Words by which a language is known, and the signs of one in the shape of a word."""

from collections import Counter
from collections.abc import Iterable
from functools import lru_cache

from drafts.blocks import Language
from drafts.patterns import expression

_FUNCTION = {
    "en": "the of and to in for with that by from this these those which who whom whose shall should must will would "
    "can "
    "could may might is are was were be been being has have had do does did not nor or but if then than their its his "
    "her our your they them we us you he she it as at into onto upon through between among within without against "
    "about over under after before during while when where whether because both each every all any other such more "
    "most own same so also only very there here what how why an here's it's every everyone everybody everything anyone "
    "nobody someone something cannot toward towards across along until since no one behind above below throughout",
    "es": "el los las lo del al y e o u ni que quien quienes cuyo cuya cuyos cuyas con por para sin sobre entre hacia "
    "hasta desde según durante mediante ante bajo contra tras su sus nuestro nuestra nuestros nuestras esta este estas "
    "estos esa ese esas esos aquel aquella aquellos aquellas una unos unas uno es son será serán sea sean fue fueron "
    "ser "
    "está están estar ha han haber hay había tiene tienen debe deben deberá deberán debería deberían puede pueden "
    "podrá "
    "podrán pero sino aunque cuando donde como cómo más menos muy también así todos todas todo toda cada otro otra "
    "otros "
    "otras mismo misma mismos mismas no nadie nada siempre nunca porque pues se le les nos ya a en de",
    "fr": "le les des du au aux et ou où que qui dont quel quelle quels quelles ce cette ces cet ceux celle celles "
    "celui "
    "avec pour par sans sur sous entre vers dans chez depuis pendant selon contre après avant dès afin ainsi leur "
    "leurs "
    "notre nos votre vos ses sa son est sont sera seront soit soient été être avoir ont avait doit doivent devra "
    "devront "
    "devrait devraient peut peuvent pourra pourront mais donc car si quand comme plus moins très aussi tout tous toute "
    "toutes chaque autre autres même mêmes ne pas nul nulle aucun aucune il elle ils elles nous vous on se un une en "
    "de "
    "à y jamais toujours lorsque puisque c'est n'est l'on qu'il",
    "pt": "nós eles elas direito direitos cidade cidades o os as do dos da das no nos na nas ao aos à às e ou que com "
    "por para sem sobre não uma um são está estão "
    "também pelo pela pelos pelas seu sua seus suas nosso nossa mais muito você foi ser será deve devem pode podem",
    "it": "il lo gli i dei degli delle della dello nel nella nelle nei sul sulla con per senza che chi cui non è sono "
    "sarà essere anche più tutti tutte ogni questo questa questi queste dal dalla dai un una uno ed o loro nostro "
    "deve devono può possono",
    "ca": "el els les del dels al als i o que amb per sense sobre aquest aquesta aquests aquestes són és serà ser "
    "també "
    "més molt tots totes cada seu seva seus seves nostre nostra ha han de la una un no ni pels pel",
    "de": "der die das den dem des und oder nicht mit für von zu im in ist sind wird werden auf aus bei nach über "
    "durch "
    "ein eine einer eines sich auch als wie dass alle",
}
FUNCTION = {name: frozenset(words.split()) for name, words in _FUNCTION.items()}
_OWN: dict[str, frozenset[str]] = {
    name: words - frozenset().union(*(FUNCTION[other] for other in ("es", "en", "fr") if other != name))
    for name, words in FUNCTION.items()
}
"""Words of one language that are no function words of another: the others lean on those of the three alone."""

_SHARED = frozenset(
    [
        "sur",
        "but",
        "has",
        "he",
        "sea",
        "or",
        "car",
        "once",
        "me",
        "fin",
        "main",
        "nos",
        "a",
        "as",
        "no",
        "on",
        "son",
        "sin",
        "plus",
        "die",
        "i",
        "o",
        "in",
        "e",
        "y",
        "de",
        "la",
        "se",
        "su",
        "per",
        "come",
        "is",
        "an",
        "van",
        "des",
    ]
)
EXCLUSIVE = {name: words - _SHARED for name, words in _OWN.items()}

_CONTENT = {
    "en": "cities city town towns housing water land right rights people women men children youth law act action now "
    "world "
    "local government governments state states shall food health work workers freedom peace development security "
    "society "
    "community communities support strengthen ensure promote protect welcome recall draft amendment amendments text "
    "meeting "
    "report member members council mayor mayors street waste energy climate change poverty growth wealth knowledge "
    "school "
    "budget plan future year years day days today week new old good better best first second third last next public "
    "policy "
    "policies environment planning management access services needs urge call upon declare decide adopt agree building "
    "network partnership funding financing trade tax taxes share shared common commons home homeless neighbourhood "
    "safe "
    "equal equality inclusive gender care nobody matters together through",
    "es": "ciudad ciudades pueblo pueblos vivienda viviendas agua tierra derecho derechos personas mujeres hombres "
    "niños niñas "
    "jóvenes juventud ley leyes acción ahora mundo gobierno gobiernos estado estados alimentos salud trabajo "
    "trabajadores "
    "libertad paz desarrollo seguridad sociedad comunidad comunidades apoyo fortalecer garantizar promover proteger "
    "texto "
    "reunión informe miembro miembros concejo ayuntamiento alcaldía alcalde alcaldesa calle residuos energía clima "
    "cambio pobreza "
    "crecimiento riqueza conocimiento escuela presupuesto futuro año años día días hoy semana nuevo nueva nuevos "
    "nuevas bueno "
    "mejor primero segunda tercero último última próximo política políticas medio ambiente gestión acceso servicios "
    "necesidades "
    "instamos exhortamos declaramos decidimos aprobamos acordamos red alianza financiación comercio impuestos común "
    "comunes hogar "
    "barrio barrios igual igualdad género cuidados vida enmienda enmiendas proyecto nación naciones todo juntos bienes",
    "fr": "ville villes peuple peuples logement logements eau terre droit droits personnes femmes hommes enfants "
    "jeunes jeunesse "
    "loi lois maintenant monde gouvernement gouvernements état états alimentation santé travail travailleurs liberté "
    "paix "
    "développement sécurité société communauté communautés soutien renforcer garantir promouvoir protéger texte "
    "réunion rapport "
    "membre membres conseil mairie maire maires rue déchets énergie climat changement pauvreté croissance richesse "
    "savoir école "
    "budget avenir année années jour jours aujourd'hui semaine nouveau nouvelle nouveaux nouvelles bon meilleur "
    "meilleure premier "
    "deuxième troisième dernier dernière prochain politique politiques environnement gestion accès besoins demandons "
    "exhortons "
    "déclarons décidons adoptons convenons réseau partenariat financement commerce impôts commun communs foyer "
    "quartier quartiers "
    "égal égale égalité genre soins vie amendement amendements projet nation nations ensemble biens agir doivent",
}
CONTENT = {
    name: frozenset(words.split()) - frozenset(" ".join(_CONTENT[other] for other in _CONTENT if other != name).split())
    for name, words in _CONTENT.items()
}
"""Words of the field that look otherwise in the two other languages."""

_SHORT = 3  # letters of a word whose shape says nothing

_SHAPES = {
    "en": expression(
        r"\w+(?:ing|ness|ship|hood|ity|ties|ly|ght|ould|wh\w+|ted|sed|ned|red|ved|ces|ks|cy|ies|ways?|ful|less|ish|th"
        r"|ck|ee|oo\w)|wh\w+|th\w+"
    ),
    "es": expression(
        r"\w+(?:ción|ciones|sión|siones|dad|dades|miento|mientos|mos|ando|iendo|ado|ados|idad|eza|aje|ajes|ario|arios"
        r"|ismo|ivo|ivos|ñ\w+|ores|encia|ancia|ncias|ico|icos|erno|ernos)|\w*ñ\w*|\w*[áíóú]\w*"
    ),
    "fr": expression(
        r"\w+(?:té|tés|eux|euse|euses|aux|eau|eaux|ois|oise|ait|aient|ement|ements|ique|iques|oir|oire|oires|ée|ées"
        r"|isme|age|ages|ère|ères|ille|illes|ence|ances|elle|elles|ienne|iens|ouv\w+)|\w*[çèêœûîôëïù]\w*"
    ),
}


@lru_cache(maxsize=65_536)
def shape(word: str) -> str | None:
    """The one of the three languages that a word looks like, where it looks like one only."""
    known = [name for name, words in CONTENT.items() if word in words]
    if known:
        return known[0]
    found = [name for name, pattern in _SHAPES.items() if pattern.fullmatch(word)]
    return found[0] if len(found) == 1 else None


@lru_cache(maxsize=16384)
def evidence(words: tuple[str, ...]) -> dict[str, float]:
    """How much a run of words in lower case speaks for each language, on no particular scale."""
    counted = Counter(words)
    scores = {name: float(sum(counted[word] for word in own if word in counted)) for name, own in EXCLUSIVE.items()}
    scores["pt"] += 1.5 * sum(count for word, count in counted.items() if "ã" in word or "õ" in word)
    for name in _SHAPES:
        scores[name] += 0.9 * sum(count for word, count in counted.items() if word in CONTENT[name])
        scores[name] += 0.4 * sum(
            count
            for word, count in counted.items()
            if len(word) > _SHORT and word not in CONTENT[name] and shape(word) == name
        )
        scores[name] += 0.25 * sum(
            count for word, count in counted.items() if word in FUNCTION[name] and word not in EXCLUSIVE[name]
        )
    return scores


def function_words(words: Iterable[str], language: Language) -> int:
    """How many of the words are function words of this language and of no other of the three."""
    own = EXCLUSIVE[language.value]
    return sum(word in own for word in words)
