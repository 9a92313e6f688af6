"""French cues."""

from workspace.interchange.notes.rules.table import Cues, word_set

_NEEDED = (
    "(?:nécessaires?|essentiel(?:le)?s?|indispensables?|fondamenta(?:l|le|ux|les)|crucia(?:l|le|ux|les)|"
    "primordia(?:l|le|ux|les)|impérati(?:f|ve|fs|ves)|urgent(?:e|s|es)?|vita(?:l|le|ux|les)|"
    "prioritaires?|capital(?:e)?|"
    "incontournables?)"
)
_SAID = "(?:soulign|rappel|insist|réaffirm|réitér|relev|évoqu|mis en avant|reconn)"

FRENCH = Cues(
    requirements=(
        r"ne (?:saurait|sauraient)",
        r"il (?:nous |leur |lui )?(?:faut|faudra|faudrait|a fallu)",
        r"(?:ne )?(?:doit|doivent|devons|devra|devront|devrons|devrait|devraient|devrions)",
        (
            rf"il (?:est|sera|serait|devient|demeure|reste|paraît|apparaît) (?:aussi |également |donc |"
            rf"absolument |plus que jamais )?"
            rf"{_NEEDED} (?:de|d['’]|que|qu['’]|pour)"
        ),
        r"il (?:est|sera|serait) (?:aussi |également |très |donc )?important (?:de|d['’]|que|qu['’])",
        rf"(?:est|sont|sera|seront|reste|restent|demeure|demeurent) (?:aussi |également |donc |absolument )?{_NEEDED}",
        r"nécessite(?:nt|ra|ront)?",
        r"(?:a|ont|avons|aura|auront) (?:un )?(?:besoin|grand besoin) (?:de|d['’]|que|qu['’]|urgent)",
        r"(?:exige|exigent|requiert|requièrent|suppose de|supposent de)",
        (
            r"nous (?:\w+ )?(?:demandons|appelons|recommandons|proposons|exhortons|invitons|encourageons|"
            r"plaidons|réclamons|"
            r"préconisons|engageons)"
        ),
        r"nous nous engageons à",
        r"(?:s['’]engage|s['’]engagent|se sont engagé\w*|s['’]est engagé\w*) à",
        (
            r"il (?:a été|est|fut|a également été) (?:également )?(?:décidé|convenu|recommandé|proposé|"
            r"suggéré|demandé|préconisé)"
        ),
        (
            r"(?:recommande|recommandent|préconise|préconisent|exhorte|exhortent|appelle|appellent) "
            r"(?:à|de|d['’]|que|qu['’]|les|la|le|l['’]|aux|au)"
        ),
        (
            r"(?:a|ont) (?:\w+ )?(?:recommandé|décidé|convenu|appelé|demandé|exhorté|proposé|préconisé|"
            r"plaidé|invité|suggéré) "
            r"(?:à|de|d['’]|que|qu['’]|les|la|le|l['’]|aux|au|pour)"
        ),
        r"demande(?:nt)? (?:à|au|aux|que|qu['’]|instamment)",
        r"(?:propose|proposent|suggère|suggèrent|souhaite|souhaitent|insiste pour|plaide pour) (?:que|qu['’])",
        rf"{_SAID}\w*(?: sur)? (?:la (?:\w+ )?nécessité|l['’]urgence|l['’]importance) (?:de|d['’])",
        r"(?:il y a|il existe) (?:une |un )?(?:nécessité|besoin|urgence)",
        r"il convient (?:peut-être |donc |aussi |également |toutefois )?(?:de|d['’]|que)",
        r"il (?:est|serait) (?:grand )?temps (?:de|d['’]|que)",
        (
            r"(?:le|notre|un) (?:\w+ )?(?:défi|enjeu) (?:est|reste|sera|consiste) "
            r"(?:désormais |maintenant |aujourd['’]hui )?(?:de|d['’]|à)"
        ),
        r"notre responsabilité(?: [\w'’]+){0,8} est (?:de|d['’])",
        r"(?:est|sont) (?:\w+ )?(?:appelé|invité|tenu|exhorté)e?s? (?:à|de|d['’])",
        r"il s['’]agit désormais de",
    ),
    hedges=(
        r"(?:conviendrait|faudrait|vaudrait|serait)-il (?:mieux |utile |bon |souhaitable )?(?:de|d['’])",
        r"il (?:serait|pourrait être) (?:utile|souhaitable|opportun|judicieux|bon|préférable) (?:de|d['’]|que)",
        r"il (?:est|paraît) (?:souhaitable|conseillé|recommandé|préférable|opportun) (?:de|d['’]|que)",
        r"gagnerai(?:t|ent) à",
        r"pourrai(?:t|ent) (?:utilement|envisager|être envisagée?s?)",
        r"il conviendrait (?:peut-être |donc |aussi |également |toutefois )?(?:de|d['’]|que)",
    ),
    refusals=(
        (
            r"(?:comment|qui|que|quels?|quelles?|où|quand|pourquoi) (?:\w+ ){0,1}?(?:doit-(?:on|il|elle)|"
            r"doivent-ils|faut-il)"
        ),
        (
            r"(?:de savoir|décider|discuter|se demander|s['’]interroger sur) (?:qui|ce qui|comment|si) (?:\w+ "
            r"){0,5}?(?:doi\w+|devrai\w+|faut)"
        ),
        (
            r"(?:n['’]est|ne sont|ne serait|n['’]était) (?:pas|plus|ni) (?:\w+ )?(?:nécessaires?|"
            r"indispensables?|obligatoires?|requis\w*)"
        ),
        r"(?:ne nécessite(?:nt)?|n['’]a|n['’]ont) pas (?:besoin)?",
        (
            r"(?:si|lorsque|quand|là où|lorsqu['’]) ?(?:il est |cela est |c['’]est |elle est |ils sont "
            r")?(?:nécessaire|besoin|requis)"
        ),
        r"si (?:\w+ ){1,2}(?:doit|doivent|devai\w+|devra\w*|faut|nécessite\w*)",
        r"comme il se doit|doit son|doivent leur|doit sa|doit beaucoup",
        (
            r"il (?:est|convient|faut|faudrait) (?:(?:important|essentiel|nécessaire|utile) )?(?:de |d['’])?"
            r"(?:noter|rappeler|souligner|signaler|préciser|mentionner|remarquer)"
        ),
        r"(?:doit|doivent) être (?:noté|rappelé|souligné|mentionné)\w*",
        (
            r"(?:les|des|aux|ces) \w+ (?:auxquels|auxquelles|que|qu['’]|dont|qui) (?:\w+ ){0,3}(?:doivent|"
            r"doit|nécessitent)"
        ),
    ),
    logistics=(
        (
            r"(?:inscription|accréditation|réservation)s?(?: préalable| en ligne)?(?: \w+)? (?:est|sont|sera) "
            r"(?:\w+ )?(?:obligatoire|nécessaire|requise|ouverte|close|indispensable|gratuite)s?"
        ),
        r"(?:nécessite|exige|requiert) (?:une |l['’])?(?:inscription|accréditation|réservation)",
        r"s['’](?:inscrire|enregistrer|accréditer|y connecter)|se connecter",
        r"confirmer (?:leur|votre|sa) (?:présence|participation)",
        (
            r"(?:envoyer|transmettre|remettre|soumettre) (?:leur|leurs|votre|vos|sa|ses|une|le|la) (?:\w+ )?"
            r"(?:présentation|biographie|résumé|formulaire|diapositive|photo)\w*"
        ),
        (
            r"(?:les )?(?:intervenant|panéliste|participant|orateur|modérateur|conférencier)(?:e?s|\(e\)s|·e·s)? "
            r"(?:\w+ ){0,3}(?:doivent|doit|devront|devra|devraient|sont (?:invité|prié|tenu)\w*)"
        ),
        (
            r"(?:amendements|commentaires|observations|contributions|candidatures)(?: \w+){0,6} "
            r"(?:doivent|devront|sont à) (?:être )?(?:\w+ )?(?:envoyé|transmis|déposé|remis|adressé|parvenir|soumis)\w*"
        ),
        (
            r"(?:secrétariat|rapporteure?|rapporteuse) (?:\w+ )?(?:doit|devra) (?:\w+ )?"
            r"(?:envoyer|transmettre|présenter|diffuser|distribuer|rédiger|préparer|convoquer|recueillir)"
        ),
        (
            r"(?:texte|projet|compte rendu|rapport) (?:doit|devra) (?:être )?(?:\w+ ){0,2}"
            r"(?:à|lors de) la (?:prochaine|séance suivante)"
        ),
        r"zoom|casques?|passeport|interprétation simultanée|badge",
        r"(?:maximum|max\.?|pas plus de) (?:de )?\d+ mots|\d+ mots",
        r"(?:ce|le) (?:formulaire|modèle|document) (?:doit|devra)",
    ),
    list_openings=(
        r"comment",
        r"(?:recommandations|propositions|priorités|engagements|demandes|mesures|actions)(?: [\w'’]+){0,6}",
        (
            r"(?:recommande(?:nt)?|recommandons|ont recommandé|propose(?:nt)?|proposons|ont proposé|demande(?:nt)?|"
            r"demandons|ont demandé|appelle(?:nt)?|appelons|préconise(?:nt)?|exhorte(?:nt)?|ont convenu|sont convenus)"
            r"(?: [\w'’]+){0,6}"
        ),
        r"à cette fin|à cet effet|pour cela",
    ),
    infinitive=r"(?:(?:s['’]|se |ne pas )?(?:\w{2,}(?:er|ir|oir)|mettre|prendre|rendre|faire|permettre|"
    r"construire|réduire|"
    r"produire|introduire|inscrire|poursuivre|défendre|étendre|atteindre|soumettre|entreprendre|"
    r"comprendre|répondre|suivre|"
    r"joindre|écrire|traduire|conclure|inclure|reconstruire|remettre|transmettre|reconnaître|convaincre|instruire))",
    not_infinitives=word_set(
        "atelier premier dernier avenir métier quartier papier dossier chantier financier hier cahier "
        "calendrier courrier "
        "pouvoir devoir espoir savoir soir territoire particulier régulier routier foncier immobilier loisir plaisir "
        "désir souvenir hiver enfer fer leader janvier février entier fier léger étranger danger rôle cher clair"
    ),
    means=(r"mécanismes? (?:\w+ ){0,2}pour", r"comme (?:un )?(?:moyen|levier|outil) (?:de|pour)"),
    calls_to_actors=word_set("aligner mobiliser engager impliquer exhorter"),
    coordination=r"(?: ?; ?(?:et |ou )?|,? ainsi que )(?:de |d['’]|à |que )?",
    relative=(r", ce qui", r", afin", r", avec (?:le|la|les|l['’])"),
    sections={
        "recommendations": (
            "recommandations",
            "recommandation",
            "principales recommandations",
            "recommandations principales",
            "conclusions et recommandations",
            "recommandations et conclusions",
            "propositions",
            "principales propositions",
            "engagements",
            "accords",
            "appel a l'action",
            "appels a l'action",
            "demandes",
            "decisions",
            "decisions prises",
            "preconisations",
        ),
        "conclusions": ("conclusions", "conclusion", "prochaines etapes", "resultats", "suites a donner", "a retenir"),
        "objectives": ("objectifs", "objectif", "resultats attendus", "buts", "finalite"),
        "key_messages": ("messages cles", "messages principaux", "message cle", "idees forces", "principaux messages"),
        "questions": (
            "questions",
            "questions pour le debat",
            "questions directrices",
            "principaux points de debat",
            "points de discussion",
            "points de debat",
            "pistes de discussion",
        ),
        "agenda": ("ordre du jour", "programme", "deroule", "deroulement", "agenda", "calendrier"),
        "speakers": (
            "intervenants",
            "intervenantes",
            "orateurs",
            "panelistes",
            "biographies",
            "intervenant",
            "conferenciers",
        ),
        "moderators": ("moderateur", "moderatrice", "moderation"),
        "participants": (
            *("participants", "liste des participants", "participantes", "villes participantes", "presents"),
            *("liste des presents", "personnes presentes", "etaient presents", "presence", "liste de presence"),
        ),
        "background": (
            "contexte",
            "introduction",
            "justification",
            "resume",
            "presentation",
            "note de cadrage",
            "methodologie",
            "debat",
            "discussion",
            "debats",
            "echanges",
            "compte rendu des echanges",
        ),
        "logistics": (
            "logistique",
            "informations pratiques",
            "inscription",
            "inscriptions",
            "contact",
            "acces",
        ),
        "documents": ("documents pertinents", "documents de reference", "documents", "bibliographie", "references"),
    },
    fields={
        "title": (
            "titre de la session",
            "titre de la seance",
            "titre",
            "intitule de la session",
            "intitule",
            "session",
            "seance",
        ),
        "type": ("type de session", "type", "type de seance"),
        "thematic_line": ("axe thematique", "ligne thematique", "axe", "thematique", "volet"),
        "subtheme": ("sous-theme", "sous theme", "theme", "sujet"),
        "datetime": ("date et heure", "date et horaire", "quand", "date/heure"),
        "date": ("date", "jour"),
        "time": ("heure", "horaire", "horaires"),
        "place": ("lieu", "ville", "ou", "adresse"),
        "room": ("salle",),
        "platform": ("plateforme", "plate-forme", "lien"),
        "format": ("format", "modalite"),
        "capacity": ("capacite", "capacite de la session", "jauge", "capacite maximale"),
        "registration": ("inscription", "inscriptions"),
        "languages": ("langue", "langues", "langues de travail", "interpretation", "langue de travail"),
        "absent": ("excuses", "absents", "absentes excusees", "absents excuses"),
        "organisers": (
            "organisateurs",
            "organisateur",
            "organisatrice",
            "organisateur principal",
            "organise par",
            "organisee par",
            "organisation",
        ),
        "co_organisers": (
            "coorganisateurs",
            "co-organisateurs",
            "coorganisateur",
            "co-organisateur",
            "partenaires",
            "en partenariat avec",
            "en collaboration avec",
            "avec le soutien de",
            "avec l'appui de",
        ),
        "moderators": (
            "moderateur",
            "moderatrice",
            "moderateurs",
            "moderation",
            "anime par",
            "animateur",
            "animatrice",
            "animee par",
            "animation",
            "presidence",
            "facilitateur",
            "facilitatrice",
        ),
        "speakers": ("intervenants", "intervenante", "intervenant", "intervenantes", "orateurs", "panelistes", "avec"),
        "rapporteur": ("rapporteur", "rapporteuse", "rapporteure"),
        "duration": ("duree", "duree prevue"),
    },
    kinds={
        "concept_note": ("note conceptuelle", "note de cadrage", "titre de la session", "organisateur principal"),
        "programme": ("programme du forum", "programme du congres", "programme general", "programme de la conference"),
        "minutes": (
            "compte rendu",
            "compte-rendu",
            "proces-verbal",
            "notes de seance",
            "note de synthese",
            "releve de conclusions",
            "rapport du rapporteur",
            "notes de session",
        ),
        "report": ("rapport", "rapport annuel", "rapport d'activite"),
        "circular": ("circulaire",),
        "agenda": ("ordre du jour", "agenda"),
    },
    session_types=(
        "session spéciale",
        "session plénière",
        "session thématique",
        "session parallèle",
        "session",
        "séance plénière",
        "séance",
        "dialogue",
        "plénière",
        "panel",
        "table ronde",
        "table-ronde",
        "groupe de travail",
        "consultation",
        "atelier",
        "formation",
        "co-création",
        "cérémonie",
        "conférence",
        "séminaire",
        "rencontre",
        "réunion",
        "assemblée",
        "forum",
    ),
    type_qualities=(
        "de haut niveau",
        "d'ouverture",
        "d’ouverture",
        "de clôture",
        "spéciale",
        "plénière",
        "thématique",
        "d'apprentissage",
        "d’apprentissage",
        "de travail",
        "parallèle",
        "inaugurale",
        "politique",
    ),
    months=(
        "janvier",
        "fevrier",
        "mars",
        "avril",
        "mai",
        "juin",
        "juillet",
        "aout",
        "septembre",
        "octobre",
        "novembre",
        "decembre",
    ),
    weekdays=("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche"),
    rooms=("salle", "auditorium", "amphitheatre", "etage"),
    formats={
        "hybride": "hybrid",
        "presentiel et a distance": "hybrid",
        "presentiel et en ligne": "hybrid",
        "virtuel": "online",
        "en ligne": "online",
        "a distance": "online",
        "distanciel": "online",
        "visioconference": "online",
        "presentiel": "in_person",
        "en personne": "in_person",
    },
    registrations={
        "obligatoire": "required",
        "requise": "required",
        "necessaire": "required",
        "sur inscription": "required",
        "sur invitation": "required",
        "libre": "open",
        "gratuit": "open",
        "ouvert": "open",
    },
    languages={
        "francais": "fr",
        "fra": "fr",
        "fr": "fr",
        "anglais": "en",
        "ang": "en",
        "espagnol": "es",
        "portugais": "pt",
        "arabe": "ar",
        "catalan": "ca",
        "italien": "it",
        "russe": "ru",
        "chinois": "zh",
        "allemand": "de",
    },
    unconfirmed=(
        "à confirmer",
        "sous réserve",
        "sous réserve de confirmation",
        "a confirmer",
        "non confirmé",
        "en attente de confirmation",
    ),
    roles=(
        "maire",
        "adjoint",
        "adjointe",
        "conseiller",
        "conseillère",
        "directeur",
        "directrice",
        "président",
        "présidente",
        "vice-président",
        "vice-présidente",
        "secrétaire",
        "gouverneur",
        "gouverneure",
        "ministre",
        "représentant",
        "représentante",
        "coordinateur",
        "coordinatrice",
        "coordonnateur",
        "coordonnatrice",
        "chargé",
        "chargée",
        "professeur",
        "professeure",
        "expert",
        "experte",
        "chef",
        "cheffe",
        "responsable",
        "chercheur",
        "chercheuse",
        "journaliste",
        "délégué",
        "déléguée",
        "député",
        "députée",
        "sénateur",
        "sénatrice",
    ),
    role_joints=("de la", "du", "des", "de l'", "de l’", "de", "d'", "d’", "à la", "à l’", "à l'", "au", "à"),
    bodies=(
        "ville",
        "université",
        "union",
        "réseau",
        "ministère",
        "gouvernement",
        "fondation",
        "association",
        "fédération",
        "institut",
        "secrétariat",
        "commission",
        "comité",
        "conseil",
        "agence",
        "centre",
        "observatoire",
        "commune",
        "mairie",
        "métropole",
        "département",
        *("alliance", "autorité", "chambre", "collectivité", "communauté", "coopérative", "direction", "région"),
        *("syndicat", "office", "école", "collectif", "confédération"),
    ),
    purposes=(
        r"vise(?:nt)? à",
        r"a pour (?:objectif|but|objet)(?: de)?",
        r"cherche à",
        r"l['’]objectif (?:\w+ ){0,4}est (?:de)?",
    ),
    projects=("projet",),
    interested=("villes interessees", "membres interesses", "collectivites interessees"),
    project_actions=(
        "activites suivantes",
        "actions suivantes",
        "actions prevues",
        "activites prevues",
        "methode de collaboration",
        "activites:",
        "actions:",
    ),
    local_time="heure locale",
    questions=(
        "comment",
        "quel",
        "quelle",
        "quels",
        "quelles",
        "que",
        "qu",
        "qui",
        "pourquoi",
        "dans quelle",
        "en quoi",
        "où",
        "de quelle",
        "à quelles",
        "à quelle",
        "par quels",
        *("faut-il", "doit-on", "peut-on", "est-ce que", "est-il", "existe-t-il", "jusqu'ou", "sous quelle"),
        "avec quels",
        "sur quoi",
    ),
    limits=(
        r"(?:max(?:imum|\.)?|jusqu['’]à|pas plus de|limite(?: de)?) ?(?:de )?(\d{1,5}) ?mots",
        r"(\d{1,5}) mots(?: (?:au )?max(?:imum|\.)?)?",
    ),
    continuing=word_set(
        "à au aux avec ce ces cette chez dans de des du en entre et la le les leur leurs mais ne notre "
        "nos ou où par pas pour "
        "que qui sans se ses si son sa sous sur un une vers votre afin dont"
    ),
    abbreviations=word_set("m mm mme mmes dr pr st ste no art p pp ex etc cf max min vol éd env"),
)
