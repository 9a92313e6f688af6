"""How a note says that its meeting ended, and what it leaves to be filled in, in three languages."""

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
