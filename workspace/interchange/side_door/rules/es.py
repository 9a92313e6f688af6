"""How a mail in Spanish asks for changes."""

from workspace.interchange.side_door.rules.table import Kind, Table

_REPLACE = (
    r"(?:(?:que )?se )?(?:sustitu[yic]\w*|substitu[yic]\w*|re?emplaz\w*|re?emplac\w*|cambi\w*|permut\w*|modific\w*"
    r"|modifiqu\w*|corrig\w*|correg\w*|enmend\w*|enmiend\w*|troc\w*|trueq\w*)"
)
_DELETE = (
    r"(?:(?:que )?se )?(?:suprim\w*|supres\w*|elimin\w*|borr\w*|quit(?:ar|e|en|ese|amos|emos)\w*|tach\w*"
    r"|omit\w*|omis\w*"
    r"|retir\w*|excluy\w*|excluir\w*|saqu\w*|sacar|prescind\w* de)"
)
_ADD = r"(?:(?:que )?se )?(?:anad\w*|agreg\w*|agregu\w*|adicion\w*|sum(?:ar|ese)|complet\w*)"
_INSERT = (
    r"(?:(?:que )?se )?(?:insert\w*|insercion|intercal\w*|incorpor\w*|inclu\w*|introduc\w*|introduzc\w*"
    r"|pon(?:er|ga|gan|gase)"
    r"|coloc\w*|coloqu\w*|escrib\w*)"
)
_MODAL = r"(?:debe|deberia|debera|debiera|podria|puede|ha de|habria de|tendria que|pasa|pasaria|pasara)(?: (?:a|que))?"

TABLE = Table(
    words={
        "replace": _REPLACE,
        "by": r"por|con|en lugar suyo|en",
        "by_loose": r"por|con|a|en",
        "instead": r"en lugar de|en vez de|en sustitucion de|en reemplazo de|y no",
        "where_says": r"donde (?:dice|pone|figura|se lee)|en lugar de|en vez de",
        "say": rf"{_MODAL} (?:decir|leerse|figurar|poner|ponerse|quedar|ser|rezar)|diga|dira|diria|lease|leer"
        rf"|decir|poner"
        r"|digase|se lea|usar|emplear|utilizar|escribir|mejor",
        "delete": _DELETE,
        "deleted": r"suprimid[oa]s?|eliminad[oa]s?|borrad[oa]s?|omitid[oa]s?|tachad[oa]s?|retirad[oa]s?",
        "add": _ADD,
        "insert": _INSERT,
        "put_in": rf"{_ADD}|{_INSERT}",
        "inserted": r"insertad[oa]s?|anadid[oa]s?|agregad[oa]s?|incluid[oa]s?|incorporad[oa]s?|intercalad[oa]s?",
        "replaced": r"sustituid[oa]s?|reemplazad[oa]s?|cambiad[oa]s?|modificad[oa]s?",
        "be": rf"{_MODAL} (?:ser|quedar)|sea|sean|ser|queda|quede|quedan|queden|quedaria|quedarian",
        "should_be": rf"{_MODAL} (?:ser|decir|leerse|quedar|rezar)|pasa a ser|pasaria a ser|quedaria|seria|diria",
        "reads": rf"{_MODAL} (?:decir|leerse|quedar|rezar|ser)(?: redactad[oa])?|(?:que )?(?:diria|dira|diga)"
        r"|(?:que )?(?:queda|quede|quedara|quedaria)(?: redactad[oa])?|se (?:lee|leeria|leera|lea|redactaria|redacta"
        r"|reformula|reformularia)|rezaria|rezara|tendria el siguiente texto|con el siguiente texto",
        "after": r"(?:inmediatamente |justo )?(?:despues|a continuacion|seguidamente|detras|luego)(?: de[l]?)?|tras",
        "before": r"(?:inmediatamente |justo )?(?:antes|delante)(?: de[l]?)?",
        "between": r"entre",
        "and": r"y|e",
        "at_end": r"al (?:final|termino)|a(?:l)? finalizar|como ultim[oa] \w+|al cierre",
        "at_start": r"al (?:principio|comienzo|inicio)|en el encabezamiento|como primer[oa]? \w+",
        "begin": r"(?:que )?(?:comience|empiece|comenzar|empezar|comenzaria|empezaria)",
        "finish": r"(?:que )?(?:termine|acabe|concluya|terminar|terminaria|finalice)",
        "new": r"(?:un |una |el |la |como )?(?:nuev[oa]|otr[oa]|adicional)(?! (?:frase|oracion|palabra)\b)",
        "paragraph": r"(?:parrafo|punto|apartado|articulo|numeral|parr\.)(?: (?:nuevo|adicional|operativo"
        r"|dispositivo))*",
        "item": r"(?:inciso|letra|literal|subparrafo|apartado|vineta)(?: nuev[oa])?",
        "whole": r"(?:todo |integramente |por completo )?(?:el|los|la|las)|todo",
        "this": r"(?:el|este|ese|todo el|dicho) (?:parrafo|punto|apartado|articulo|inciso|texto)(?: (?:completo"
        r"|entero))?"
        r"|por completo|integramente|en su totalidad|enteramente|completo|entero|todo",
        "new_text": r"propuesta(?: de redaccion)?(?! (?:es|seria|consiste|de|que)\b)"
        r"|(?:nuev[oa]|propuest[oa]|siguiente)? ?(?:texto|redaccion"
        r"|formulacion|version|propuesta)"
        r" (?:propuest[oa]|nuev[oa]|sugerid[oa]|alternativ[oa]|siguiente|de redaccion)"
        r"|nuev[oa] (?:texto|redaccion|formulacion)",
        "reword": r"(?:que )?(?:se )?(?:reformul\w*|redact\w*|reescrib\w*|modific\w*|modifiqu\w*|enmend\w*|enmiend\w*"
        r"|sustitu[yi]\w*|re?emplaz\w*|re?emplac\w*|cambi\w*)",
        "as_follows": r"como sigue|asi|de la siguiente (?:manera|forma)|del siguiente modo|de este modo"
        r"|por el siguiente"
        r"(?: texto)?|por lo siguiente|por el texto siguiente|para que (?:diga|quede)|por este(?: texto)?|por|con",
        "to_end": r"hasta el final|en adelante|al final",
        "all_after": r"todo lo que sigue a|todo lo que (?:viene|va) despues de|lo que sigue a|todo despues de",
        "comes": r"(?:debe|deberia|debera|podria|que)? ?(?:ir|vaya|pasar|pase|figurar|figure|quedar|quede|situarse)",
        "swap": r"intercambi\w*|permut\w*|invert\w*|inviert\w*",
        "now_reads": r"(?:actualmente )?(?:dice|reza|se lee)",
        "strictly": r"como sigue|asi|de la siguiente (?:manera|forma)|del siguiente modo|de este modo",
        "move": r"(?:que )?(?:se )?(?:mov\w*|muev\w*|traslad\w*|desplaz\w*|desplac\w*|pas(?:ar|e|ese)|ubi\w*|coloc\w*"
        r"|coloqu\w*|reubi\w*|pon(?:er|ga|gase))",
        "join": r"(?:que )?(?:se )?(?:fusion\w*|un(?:ir|an|anse)|combin\w*|junt\w*|refund\w*)",
        "split": r"(?:que )?(?:se )?(?:divid\w*|separ\w*|part(?:ir|a|ase))",
        "text": r"(?:todo )?(?:el |la |del |de la )?(?:texto|declaracion|documento|proyecto)",
        "from": r"desde|de",
        "to": r"hasta|a",
        "arrow": r"-+>|=+>|→|⇒|➔|>",
        "not": r",? ?(?:y )?no",
        "prefer": r"prefer\w*|prefier\w*",
        "prefer_to": r"a|antes que|mejor que",
        "stop_mark": r"(?:poner |colocar )?(?:un )?punto(?: final)?",
        "rest": r"(?:el )?(?:resto|lo demas)",
        "sentence": r"(?:nueva |otra )?(?:frase|oracion)(?: nueva| adicional)?",
        "too_much": r"(?:es|resulta|parece|nos parece|suena|son) (?:demasiado|muy|poco) \w+",
        "suggest": r"sugerimos|sugiero|proponemos|propongo|preferimos|prefiero|preferiria(?:mos)?",
        "superfluous": r"sobran?|estan? de mas"
        r"|(?:es|son|resulta|parece) (?:superflu[oa]s?|redundantes?|innecesari[oa]s?)",
        "missing": r"(?:le )?(?:falta(?:n|ria|rian)?|hace falta|se echa en falta)",
    },
    requests=(
        (Kind.REPLACE, "PLACE _ {now_reads} _ 'OLD' STOP _ {should_be} _ 'NEW'"),
        (Kind.SWAP, "{swap} _ PLACE"),
        (Kind.REWORD, "{reword} {this} {as_follows} _ TEXT"),
        (Kind.REPLACE, "{where_says} ~ 'OLD' ~ {say} ~ NEW"),
        (Kind.REPLACE, "{where_says} ~ 'OLD' STOP {say} ~ 'NEW'"),
        (Kind.REPLACE, "{where_says} ~ 'OLD' _ 'NEW'"),
        (Kind.REPLACE, "{where_says} OLD {say} _ NEW"),
        (Kind.REPLACE, "{replace} ~ OLD ~ {by} ~ NEW"),
        (Kind.REPLACE, "{replace} ~ 'OLD' _ {by_loose} _ 'NEW'"),
        (Kind.REPLACE, "'OLD' ~ {replace} ~ {by} ~ 'NEW'"),
        (Kind.REPLACE, "'OLD' ~ {be} ~ {replaced} ~ {by} ~ NEW"),
        (Kind.REPLACE, "'OLD' ~ {should_be} LEADS 'NEW'"),
        (Kind.REPLACE, "{say} ~ 'NEW' ~ {instead} ~ 'OLD'"),
        (Kind.REPLACE, "{insert} ~ 'NEW' ~ {instead} ~ 'OLD'"),
        (Kind.REPLACE, "'NEW' _ {instead} ~ 'OLD'"),
        (Kind.REPLACE, "no _ 'OLD' _ sino _ 'NEW'"),
        (Kind.REPLACE, "'NEW' {not} _ 'OLD'"),
        (Kind.REPLACE, "'OLD' {arrow} 'NEW'"),
        (Kind.REPLACE, "PLACE _ OLD {arrow} NEW"),
        (Kind.REPLACE, "#NEW _ {instead} _ #OLD"),
        (Kind.REPLACE, "{prefer} ~ 'NEW' _ {prefer_to} _ 'OLD'"),
        (Kind.REPLACE, "'OLD' ~ {too_much} STOP {suggest} ~ 'NEW'"),
        (Kind.DELETE, "'OLD' ~ {superfluous}"),
        (Kind.DELETE_AFTER, "{stop_mark} _ {after} _ 'MARK' _ {delete} {rest}"),
        (Kind.AT_END, "{sentence} _ {at_end} _ 'NEW'"),
        (Kind.DELETE, "{superfluous} LEADS 'OLD'"),
        (Kind.AFTER, "{missing} _ 'NEW' _ {after} _ 'MARK'"),
        (Kind.BEFORE, "{missing} _ 'NEW' _ {before} _ 'MARK'"),
        (Kind.REWORD, "PLACE _ {new_text} _ TEXT"),
        (Kind.REWORD, "{new_text} _ PLACE _ TEXT"),
        (Kind.MOVE_AFTER, "{move} _ PLACE _ {after} _ TOPLACE"),
        (Kind.MOVE_BEFORE, "{move} _ PLACE _ {before} _ TOPLACE"),
        (Kind.MOVE_TO_END, "{move} _ PLACE _ {at_end}"),
        (Kind.MOVE_TO_START, "{move} _ PLACE _ {at_start}"),
        (Kind.MOVE_AFTER, "PLACE _ {comes} _ {after} _ TOPLACE"),
        (Kind.MOVE_BEFORE, "PLACE _ {comes} _ {before} _ TOPLACE"),
        (Kind.JOIN, "{join} _ PLACE"),
        (Kind.SPLIT, "{split} _ PLACE ~ {after} ~ 'MARK'"),
        (Kind.SPLIT, "{split} _ {after} ~ 'MARK'"),
        (Kind.NEW_ITEM, "{put_in} _ PLACE _ {new} _ {item} _ TEXT"),
        (Kind.NEW_ITEM, "{put_in} _ {new} _ {item} _ PLACE _ TEXT"),
        (Kind.NEW_AFTER, "{put_in} _ {new}? _ {paragraph} _ {after} _ PLACE _ TEXT"),
        (Kind.NEW_BEFORE, "{put_in} _ {new}? _ {paragraph} _ {before} _ PLACE _ TEXT"),
        (Kind.NEW_AFTER, "{put_in} _ {new}? _ {paragraph} _ {between} _ PLACE _ TEXT"),
        (Kind.NEW_AFTER, "{put_in} _ {new} PLACE _ {after} _ TOPLACE _ TEXT"),
        (Kind.NEW_BEFORE, "{put_in} _ {new} PLACE _ {before} _ TOPLACE _ TEXT"),
        (Kind.NEW_AT_END, "{put_in} _ {new} _ {paragraph} _ {at_end} _ TEXT"),
        (Kind.NEW_AT_END, "{at_end} {text} _ {put_in} _ TEXT"),
        (Kind.NEW_AT_END, "{put_in} _ {at_end} _ {new} _ {paragraph} _ TEXT"),
        (Kind.NEW_AT_END, "{at_end} _ {put_in} _ {new} _ {paragraph} _ TEXT"),
        (Kind.NEW_AT_START, "{put_in} _ {new} _ {paragraph} _ {at_start} _ TEXT"),
        (Kind.NEW_AFTER, "{new} _ {paragraph} _ {after} _ PLACE _ TEXT"),
        (Kind.NEW_BEFORE, "{new} _ {paragraph} _ {before} _ PLACE _ TEXT"),
        (Kind.NEW_AFTER, "{new} _ {paragraph} _ {between} _ PLACE _ TEXT"),
        (Kind.NEW_AFTER, "{put_in} _ {between} _ PLACE _ TEXT"),
        (Kind.NEW_AFTER, "{after} _ PLACE _ {put_in} _ TEXT"),
        (Kind.NEW_BEFORE, "{before} _ PLACE _ {put_in} _ TEXT"),
        (Kind.NEW_AFTER, "{between} _ PLACE _ {put_in} _ TEXT"),
        (Kind.NEW_AFTER, "{after} _ PLACE _ {new} _ {paragraph} _ TEXT"),
        (Kind.NEW_AT, "{put_in} _ {new} PLACE _ TEXT"),
        (Kind.NEW_AT, "{new} PLACE _ TEXT"),
        (Kind.NEW_AT, "{put_in} _ PLACE {new} _ TEXT"),
        (Kind.NEW_AT, "PLACE {new} _ TEXT"),
        (Kind.NEW_AFTER, "{put_in} _ {after} _ PLACE _ TEXT"),
        (Kind.NEW_BEFORE, "{put_in} _ {before} _ PLACE _ TEXT"),
        (Kind.NEW_AFTER, "{put_in} _ 'TEXT' _ {new} _ {paragraph} _ {after} _ PLACE"),
        (Kind.NEW_BEFORE, "{put_in} _ 'TEXT' _ {new} _ {paragraph} _ {before} _ PLACE"),
        (Kind.NEW_AFTER, "{put_in} _ 'TEXT' _ {after} _ PLACE END"),
        (Kind.NEW_BEFORE, "{put_in} _ 'TEXT' _ {before} _ PLACE END"),
        (Kind.AFTER, "{put_in} ~ NEW ~ {between} ~ 'MARK' _ {and} _ 'TO'"),
        (Kind.AFTER, "{between} ~ 'MARK' _ {and} _ 'TO' ~ {put_in} ~ NEW"),
        (Kind.AFTER, "{put_in} ~ {between} ~ 'MARK' _ {and} _ 'TO' ~ NEW"),
        (Kind.AFTER, "{put_in} ~ {after} ~ 'MARK' ~ NEW"),
        (Kind.BEFORE, "{put_in} ~ {before} ~ 'MARK' ~ NEW"),
        (Kind.AFTER, "{put_in} ~ 'NEW' ~ {after} ~ MARK"),
        (Kind.BEFORE, "{put_in} ~ 'NEW' ~ {before} ~ MARK"),
        (Kind.AFTER, "{put_in} ~ NEW {after} ~ MARK"),
        (Kind.BEFORE, "{put_in} ~ NEW {before} ~ MARK"),
        (Kind.AFTER, "{after} ~ 'MARK' ~ {put_in} ~ NEW"),
        (Kind.BEFORE, "{before} ~ 'MARK' ~ {put_in} ~ NEW"),
        (Kind.AFTER, "'NEW' ~ {be} ~ {inserted} ~ {after} ~ MARK"),
        (Kind.AT_END, "{put_in} ~ {at_end} ~ NEW"),
        (Kind.AT_START, "{put_in} ~ {at_start} ~ NEW"),
        (Kind.AT_END, "{put_in} ~ 'NEW' ~ {at_end}"),
        (Kind.AT_START, "{put_in} ~ 'NEW' ~ {at_start}"),
        (Kind.AT_END, "{put_in} ~ NEW {at_end}"),
        (Kind.AT_START, "{put_in} ~ NEW {at_start}"),
        (Kind.AT_END, "{at_end} ~ {put_in} ~ NEW"),
        (Kind.AT_START, "{at_start} ~ {put_in} ~ NEW"),
        (Kind.AT_END, "PLACE _ {finish} _ 'NEW'"),
        (Kind.AT_START, "PLACE _ {begin} _ 'NEW'"),
        (Kind.DELETE_FROM, "{delete} ~ {from} _ 'OLD' _ {to_end}"),
        (Kind.DELETE_AFTER, "{delete} ~ {all_after} _ 'MARK'"),
        (Kind.DELETE, "{delete} ~ {from} _ 'OLD' _ {to} _ 'TO'"),
        (Kind.DELETE, "{delete} ~ 'OLD'"),
        (Kind.DELETE, "'OLD' ~ {be} ~ {deleted}"),
        (Kind.DELETE, "'OLD' _ {delete} END"),
        (Kind.REWORD, "{reword} _ PLACE _ {as_follows} _ TEXT"),
        (Kind.REWORD, "{reword} _ PLACE : TEXT"),
        (Kind.REWORD, "PLACE _ {reads} _ TEXT"),
        (Kind.REWORD, "PLACE {reads} LOOSE"),
        (Kind.REWORD, "{reword} {strictly} _ TEXT"),
        (Kind.REWORD, "{this} _ {reads} _ TEXT"),
        (Kind.REWORD, "{replace} _ {by} _ TEXT"),
        (Kind.REWORD, "{new_text} _ TEXT"),
        (Kind.REWORD, "{reads} {as_follows} _ TEXT"),
        (Kind.REWORD, "{reads} : TEXT"),
        (Kind.DELETE_PARAGRAPH, "{delete} {whole}? PLACE"),
        (Kind.DELETE_PARAGRAPH, "PLACE _ {be} {deleted} {this}"),
        (Kind.DELETE_PARAGRAPH, "PLACE _ {be}? {deleted} END"),
        (Kind.DELETE_PARAGRAPH, "PLACE _ {delete} END"),
        (Kind.DELETE_PARAGRAPH, "{delete} {this} END"),
        (Kind.DELETE_PARAGRAPH, "PLACE _ {delete} {this}"),
        (Kind.AT_END, "{add} ~ 'NEW'"),
        (Kind.SOMEWHERE, "{insert} ~ 'NEW'"),
        (Kind.DELETE, "{delete} _ OLD END"),
        (Kind.AT_END, "{add} : NEW"),
        (Kind.WHOLE, "PLACE _ WHOLETEXT"),
        (Kind.MORE, "'OLD' _ {by_loose} _ 'NEW'"),
    ),
    negations=r"\b(?:no|nunca|sin|contra|en contra de|nos oponemos a|en lugar de|en vez de)",
    reasons=r"(?:motivo|motivos|motivacion|razon|razones|justificacion|fundamento|fundamentacion|explicacion"
    r"|exposicion de motivos)",
    everywhere=r"en todos los casos|cada vez|todas las veces|en todas partes|donde aparezca|todas las apariciones"
    r"|ambas veces|las dos veces|ambos casos|siempre que",
    nth={1: r"primer[oa]?", 2: r"segund[oa]", 3: r"tercer[oa]?", 4: r"cuart[oa]", -1: r"ultim[oa]"},
    occurrence=r"aparicion|vez|mencion|ocurrencia",
    here=r"(?:en )?el mismo (?:parrafo|punto|apartado)|ibidem|idem",
    in_all=r"(?:en |a lo largo de )?(?:todo el|toda la) (?:texto|declaracion|documento|proyecto)|en el texto entero"
    r"|a lo largo (?:del texto|de la declaracion)",
    leads=r"(?:el |la |los |las )?(?:siguientes? )?(?:palabras?|frases?|expresion(?:es)?|terminos?|texto"
    r"|vocablos?|oracion|ano(?= \d)|cifra(?= \d))"
    r"(?: siguientes?)?",
    in_=r"en|del?|al?|para",
    and_=r"y|e|asi como|o",
)
