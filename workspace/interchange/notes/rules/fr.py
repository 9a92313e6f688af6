"""French cues."""

from workspace.interchange.notes.rules.table import Cues, plain_words, word_set

_NEEDED = (
    "(?:nécessaires?|essentiel(?:le)?s?|indispensables?|fondamenta(?:l|le|ux|les)|crucia(?:l|le|ux|les)|"
    "primordia(?:l|le|ux|les)|impérati(?:f|ve|fs|ves)|urgent(?:e|s|es)?|vita(?:l|le|ux|les)|"
    "prioritaires?|capital(?:e)?|"
    "incontournables?)"
)
_SAID = "(?:soulign|rappel|insist|réaffirm|réitér|relev|évoqu|mis en avant|reconn)"

FRENCH = Cues(
    **plain_words("fr"),
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
    purposes=(
        r"vise(?:nt)? à",
        r"a pour (?:objectif|but|objet)(?: de)?",
        r"cherche à",
        r"l['’]objectif (?:\w+ ){0,4}est (?:de)?",
    ),
    limits=(
        r"(?:max(?:imum|\.)?|jusqu['’]à|pas plus de|limite(?: de)?) ?(?:de )?(\d{1,5}) ?mots",
        r"(\d{1,5}) mots(?: (?:au )?max(?:imum|\.)?)?",
    ),
)
