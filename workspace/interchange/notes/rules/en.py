"""English cues."""

from workspace.interchange.notes.rules.table import Cues, word_set

_NEEDED = (
    "(?:necessary|essential|key|fundamental|imperative|crucial|critical|vital|urgent|indispensable|paramount|needed|"
    "a priority|of the essence|a must)"
)
_WE = (
    r"(?:we|they|i|participants(?: (?:in|at|of|from)(?: [\w'’]+){1,5}?)?|speakers|panellists|panelists|"
    r"delegates|delegations|members|mayors|cities|governors|"
    r"(?:the|this|our|local) (?:\w+ ){0,2}?(?:session|panel|group|meeting|workshop|forum|committee|network|assembly|"
    r"participants|plenary|round ?table|members|mayors|delegates|cities|governments|speakers|panellists|working group))"
)
_SAID = "(?:stress|highlight|underlin|emphasi[sz]|reiterat|underscor|recogni[sz]|point|insist|not|rais)"

ENGLISH = Cues(
    requirements=(
        r"must",
        r"should",
        r"shall",
        r"ought to",
        r"(?:need|needs|needed) to(?! know)",
        r"(?:have|has) to(?! do with)",
        (
            rf"(?:it )?(?:is|are|will be|would be|remains?|becomes?) (?:also |therefore |absolutely |now |"
            rf"urgently |more |most )?"
            rf"{_NEEDED}(?= (?:to|that|for|in|if)\b|,|\.|;|:|$)"
        ),
        r"it (?:is|will be|remains) (?:also |very |therefore )?important (?:that|to|for)",
        r"what is needed(?: \w+){0,3} is",
        r"there (?:is|was|remains) (?:an? )?(?:\w+ )?need (?:to|for)",
        r"(?:the|our|a) (?:\w+ )?(?:challenge|task) (?:now )?(?:is|remains|will be) (?:now )?to",
        r"our responsibility(?: [\w'’]+){0,8} is to",
        r"how (?:critical|important|urgent|essential) it is to",
        r"(?:we|cities|governments|regions|municipalities|towns|they|communities) (?:urgently |also )?need(?! not)",
        rf"{_SAID}(?:s|es|ed|ing|e)?(?: out)?(?: on)? the (?:\w+ )?need (?:to|for)",
        r"(?:is|are) (?:strongly |hereby |urgently )?(?:called upon|called on|urged|encouraged|requested) to",
        r"requires?",
        (
            r"\w{3,}s (?:urgently |also |all |still )?need (?:at least|more|better|an?|new|access|support|"
            r"stable|two|three|"
            r"four|reliable|their own|time|clear|simple|safe|strong|long)"
        ),
        (
            rf"{_WE} (?:also |therefore |strongly |jointly |unanimously |further )*(?:calls? (?:on|upon|for)|"
            rf"called (?:on|upon|for)|urged?s?|"
            r"recommend(?:s|ed)?|demand(?:s|ed)?|request(?:s|ed)? that|propose[sd]?|"
            r"invite[sd]? \w+ (?:\w+ ){0,3}to|"
            r"encourage[sd]?|commit(?:s|ted)? (?:\w+ )?to|agreed? (?:to|on|that (?:[\w'’]+ ){1,12}?be\b)|"
            r"decided? (?:to|that)|asked? that|"
            r"asked? (?:\w+ ){1,4}to|resolve[sd]? (?:to|that)|advocate[sd]?|suggest(?:s|ed)? (?:that|\w+ing))"
        ),
        r"it was (?:also |further )?(?:decided|agreed|recommended|proposed|resolved|suggested)",
        r"(?:recommended|recommends|recommend) (?:that|to)",
        r"(?:proposed|proposes|asked|requested|demanded|insisted) that",
        r"(?:a|the|an) (?:\w+ )?(?:call|appeal) (?:was made )?(?:to|for) (?:\w+ ){0,3}to",
        r"let us",
        r"(?:commits?|pledges?|undertakes?)(?: itself| themselves)? to",
        r"it is (?:high )?time (?:to|for|that)",
    ),
    hedges=(
        r"(?:might|may|could) (?:wish to|want to|consider|usefully|be worth|be useful|be advisable|be desirable)",
        r"(?:might|may|could) perhaps",
        r"(?:it )?would be (?:useful|advisable|desirable|worthwhile|good|helpful|wise) (?:to|for|if)",
        r"it (?:is|may be|might be|could be|would be) worth \w+ing",
        r"(?:a good|the right|an ideal) moment to",
        r"it is (?:advisable|desirable|preferable) (?:to|that)",
    ),
    refusals=(
        r"(?:need|must|should|shall) (?:have )?been",
        (
            r"(?:need not|needn't|does not need|do not need|not (?:necessary|required|needed|essential)|no "
            r"need)(?: to| for)?"
        ),
        (
            r"(?:if|when|where|whenever|as|than|wherever) (?:it (?:is|was) )?(?:necessary|needed|required|"
            r"appropriate|need be)"
        ),
        r"(?:if|whether|when|where) (?:\w+ ){1,2}(?:should|must|needs? to|ha(?:s|ve) to|requires?)",
        (
            r"(?:asks?|asked|asking|decid\w+|discuss\w*|consider\w*|debat\w+|explor\w+|question of|knows?|clarif\w+) "
            r"(?:who|what|which|how|whether|why|when|where) (?:\w+ ){0,4}?"
            r"(?:should|must|needs? to|ought to|ha(?:s|ve) to|shall)"
        ),
        r"\w+s (?:that|which|who) (?:must|have to|need to|should)",
        r"should you|must-\w+|has to do with|have to do with",
        r"must have (?:been|gone|made|done|come|had|seen|taken|thought|seemed|known|felt|happened|occurred|heard)",
        r"(?:should|must|needs? to) be (?:noted|recalled|remembered|mentioned|stressed|said|pointed out|emphasi[sz]ed)",
        (
            r"(?:it is|is) (?:also )?(?:important|essential|worth|necessary) to (?:note|recall|remember|"
            r"mention|stress|say|"
            r"highlight|emphasi[sz]e|underline)"
        ),
        r"the \w+ (?:that|which) (?:\w+ ){0,2}(?:must|should|needs? to|ha(?:s|ve) to|requires?)",
        r"(?:the|what|which) (?:\w+ ){1,2}(?:we|they|cities|governments) (?:must|need to|have to)",
        r"we need(?= to talk)",
    ),
    logistics=(
        r"(?:registration|accreditation|registrations) (?:must|should|has to|needs to)",
        (
            r"(?:the|this) (?:draft|report|minutes|document|note|paper) (?:should|must|shall) be "
            r"(?:ready|sent|circulated|returned)"
        ),
        (
            r"(?:registration|accreditation|booking|rsvp|reservation)(?: in advance| online)? (?:is|are|will be) "
            r"(?:\w+ )?(?:required|mandatory|necessary|compulsory|open|closed|needed|essential)"
        ),
        r"(?:requires?|required|need|needs) (?:prior |advance |an? )?(?:registration|accreditation|booking)",
        (
            r"(?:must|should|need to|needs to|have to|are requested to|are invited to|are encouraged to) (?:\w+ )?"
            r"(?:register|rsvp|book|sign up|log in|log on|arrive|mute|send (?:their|your)|submit (?:their|your)|"
            r"confirm (?:their|your)|bring|wear|join the (?:call|zoom))"
        ),
        (
            r"(?:speakers|panellists|panelists|attendees|moderators|presenters|delegates|participants) "
            r"(?:must|should|shall|are (?:requested|asked|invited|encouraged) to|need to|will need to|have to)"
        ),
        (
            r"(?:comments?|amendments?|contributions|inputs?|nominations|replies|corrections)(?: \w+){0,6} (?:must|"
            r"should|shall|have to|has to|need to|are to) (?:\w+ )?be (?:sent|submitted|received|returned|filed)"
        ),
        (
            r"(?:secretariat|rapporteur|note[- ]taker) (?:must|should|shall|has to|is to|will have to) (?:\w+ )?"
            r"(?:circulate|send|distribute|prepare|draft|share|forward|collect|compile|convene)"
        ),
        (
            r"(?:text|draft|report|minutes|document) (?:must|should|shall|has to|have to) (?:\w+ )?be (?:\w+) "
            r"(?:at|in|by|before) the (?:next|following) (?:meeting|session|sitting)"
        ),
        r"zoom|headphones|headsets?|passport|visa|simultaneous interpretation|dress code|badge",
        r"(?:maximum|max\.?|up to|no more than|limit of) \d+ words",
        r"(?:this|the) (?:form|template|section|note|box) (?:must|should|needs to|is to) (?:be|include|contain|not)",
    ),
    list_openings=(
        r"how to",
        r"(?:recommendations|proposals|priorities|commitments|demands|calls|asks|actions)(?: \w+){0,6}",
        (
            r"(?:recommend(?:s|ed)?|propose[sd]?|ask(?:s|ed)?|call(?:s|ed)? (?:on|upon|for)|urge[sd]?|"
            r"request(?:s|ed)?|agree[sd]?)(?: [\w'’]+){0,6}"
        ),
        r"to this end|to that end",
    ),
    infinitive=r"(?:to )?(?:adopt|accelerate|advance|align|allocate|amend|anchor|appoint|apply|assess|avoid|"
    r"boost|bring|"
    r"build|call|carry|champion|collect|commit|connect|consider|consult|co-create|create|"
    r"decentrali[sz]e|declare|define|"
    r"deliver|design|develop|devote|double|draw|draft|embed|empower|enable|encourage|end|engage|enhance|ensure|equip|"
    r"establish|expand|extend|facilitate|finance|foster|fund|give|grant|guarantee|harmoni[sz]e|help|identify|implement|"
    r"improve|include|increase|incorporate|integrate|introduce|invest|involve|keep|launch|legislate|link|locali[sz]e|"
    r"maintain|make|map|measure|mobili[sz]e|monitor|open|phase|place|plan|prioriti[sz]e|promote|"
    r"protect|provide|publish|"
    r"put|recogni[sz]e|reduce|reform|regulate|reinforce|remove|renew|replace|report|reserve|respect|"
    r"restore|review|revise|"
    r"rethink|safeguard|scale|secure|set|share|simplify|stop|streamline|strengthen|support|sustain|"
    r"take|test|track|train|"
    r"transfer|transform|translate|treat|turn|upgrade|uphold|use|value|widen|work)",
    not_infinitives=frozenset(),
    means=(r"mechanisms? (?:\w+ ){0,2}to", r"as a (?:way|means|vehicle) (?:to|of)"),
    calls_to_actors=word_set("align mobilise mobilize commit engage urge call"),
    coordination=r"(?:; ?(?:and |or )?|, as well as )(?:to )?",
    relative=(r", which", r", making", r", so that", r", with the"),
    sections={
        "recommendations": (
            "recommendations",
            "recommendation",
            "key recommendations",
            "main recommendations",
            "policy recommendations",
            "session recommendations",
            "conclusions and recommendations",
            "recommendations and conclusions",
            "proposals",
            "key proposals",
            "agreements",
            "commitments",
            "calls to action",
            "call to action",
            "key asks",
            "our asks",
            "demands",
            "decisions",
            "decisions taken",
            "what we ask",
        ),
        "conclusions": (
            "conclusions",
            "conclusion",
            "next steps",
            "outcomes",
            "takeaways",
            "key takeaways",
            "wrap-up",
            "follow-up",
        ),
        "objectives": ("objectives", "objective", "aims", "goals", "expected results", "expected outcomes", "purpose"),
        "key_messages": ("key messages", "main messages", "key message", "core messages", "messages"),
        "questions": (
            "discussion questions",
            "questions",
            "guiding questions",
            "key questions",
            "questions for debate",
            "points for discussion",
            "main points of debate",
            "discussion points",
            "issues for discussion",
        ),
        "agenda": ("agenda", "programme", "program", "schedule", "running order", "order of business"),
        "speakers": (
            "speakers",
            "panellists",
            "panelists",
            "biographies",
            "bios",
            "speaker biographies",
            "about the speakers",
            "confirmed speakers",
            "proposed speakers",
        ),
        "moderators": ("moderator", "moderators", "chair", "facilitator"),
        "participants": (
            "participants",
            "list of participants",
            *("those present", "list of those present", "attendance list", "list of attendees"),
            "attendees",
            "attendance",
            "participating cities",
            "present",
        ),
        "background": (
            "background",
            "context",
            "introduction",
            "rationale",
            "summary",
            "abstract",
            "concept",
            "overview",
            "description",
            "methodology",
            "discussion",
            "debate",
            "executive summary",
            "report of the discussion",
        ),
        "logistics": (
            "logistics",
            "practical information",
            "registration",
            "how to register",
            "how to join",
            "contact",
            "housekeeping",
        ),
        "documents": (
            "relevant documents",
            "background documents",
            "documents",
            "references",
            "reading",
            "further reading",
        ),
    },
    fields={
        "title": ("session title", "title of the session", "title", "session", "name of the session"),
        "type": ("session type", "type of session", "type"),
        "thematic_line": ("thematic line", "theme", "track", "thematic track", "axis", "thematic area"),
        "subtheme": ("subtheme", "sub-theme", "topic", "subtopic"),
        "datetime": ("date and time", "when", "date/time", "date & time"),
        "date": ("date", "day"),
        "time": ("time", "hours"),
        "place": ("place", "venue", "location", "where", "city"),
        "room": ("room", "hall"),
        "platform": ("platform", "link"),
        "format": ("format", "mode", "modality"),
        "capacity": ("capacity", "session capacity", "maximum capacity"),
        "registration": ("registration",),
        "languages": ("language", "languages", "working languages", "interpretation", "working language"),
        "absent": ("apologies", "apologies for absence", "absent", "excused"),
        "organisers": (
            "organisers",
            "organiser",
            "organizers",
            "organizer",
            "organised by",
            "organized by",
            "lead organiser",
            "main organiser",
            "lead organizer",
            "host",
            "hosted by",
            "convened by",
        ),
        "co_organisers": (
            "co-organisers",
            "co-organiser",
            "co-organizers",
            "co-organizer",
            "coorganisers",
            "co-organised by",
            "partners",
            "co-hosts",
        ),
        "moderators": (
            "moderator",
            "moderators",
            "moderated by",
            "moderation",
            "chair",
            "chaired by",
            "facilitator",
            "facilitated by",
        ),
        "speakers": (
            "speakers",
            "speaker",
            "panellists",
            "panelists",
            "panellist",
            "with",
            "keynote",
            "keynote speaker",
        ),
        "rapporteur": ("rapporteur", "rapporteurs", "note-taker", "notes by"),
        "duration": ("duration", "length"),
    },
    kinds={
        "concept_note": ("concept note", "session title", "lead organiser", "title of the session"),
        "programme": (
            "programme of the",
            "forum programme",
            "congress programme",
            "conference programme",
            "full programme",
        ),
        "minutes": (
            "minutes",
            "rapporteur's report",
            "rapporteur’s report",
            "session notes",
            "outcome note",
            "summary record",
            "notes of the session",
            "rapporteur's notes",
        ),
        "report": ("report", "annual report"),
        "circular": ("circular",),
        "agenda": ("agenda",),
    },
    session_types=(
        "special session",
        "plenary session",
        "parallel session",
        "thematic session",
        "breakout session",
        "session",
        "plenary",
        "dialogue",
        "high-level dialogue",
        "high-level panel",
        "high-level session",
        "opening plenary",
        "closing plenary",
        "opening ceremony",
        "closing ceremony",
        "opening session",
        "closing session",
        "panel discussion",
        "panel",
        "round table",
        "roundtable",
        "workshop",
        "training",
        "co-creation",
        "ceremony",
        "conference",
        "keynote",
        "seminar",
        "meeting",
        "side event",
        "assembly",
        "fireside chat",
        "town hall",
        "working group",
        "focus group",
        "consultation",
    ),
    type_qualities=(),
    months=(
        "january",
        "february",
        "march",
        "april",
        "may",
        "june",
        "july",
        "august",
        "september",
        "october",
        "november",
        "december",
    ),
    weekdays=("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"),
    rooms=("room", "hall", "auditorium", "floor"),
    formats={
        "hybrid": "hybrid",
        "in person and online": "hybrid",
        "online and in person": "hybrid",
        "virtual": "online",
        "online": "online",
        "remote": "online",
        "in person": "in_person",
        "in-person": "in_person",
        "on site": "in_person",
        "onsite": "in_person",
        "face to face": "in_person",
    },
    registrations={
        "required": "required",
        "mandatory": "required",
        "compulsory": "required",
        "necessary": "required",
        "by invitation": "required",
        "open": "open",
        "free": "open",
    },
    languages={
        "english": "en",
        "eng": "en",
        "en": "en",
        "spanish": "es",
        "spa": "es",
        "es": "es",
        "french": "fr",
        "fre": "fr",
        "fr": "fr",
        "portuguese": "pt",
        "arabic": "ar",
        "catalan": "ca",
        "italian": "it",
        "russian": "ru",
        "chinese": "zh",
        "german": "de",
    },
    unconfirmed=(
        "to be confirmed",
        "subject to confirmation",
        "tbc",
        "unconfirmed",
        "awaiting confirmation",
        "not confirmed",
    ),
    roles=(
        "mayor",
        "deputy mayor",
        "vice-mayor",
        "vice mayor",
        "councillor",
        "councilor",
        "director",
        "president",
        "vice-president",
        "secretary",
        "secretary-general",
        "governor",
        "minister",
        "representative",
        "coordinator",
        "officer",
        "programme officer",
        "professor",
        "expert",
        "head",
        "chief",
        "manager",
        "researcher",
        "journalist",
        "adviser",
        "advisor",
        "delegate",
        "chair",
        "commissioner",
        "executive director",
        "senator",
        "member",
    ),
    role_joints=("of the", "of", "at the", "at", "for"),
    bodies=(
        "city",
        "university",
        "union",
        "network",
        "ministry",
        "government",
        "foundation",
        "association",
        "federation",
        "institute",
        "secretariat",
        "commission",
        "committee",
        "council",
        "agency",
        "centre",
        "center",
        "observatory",
        "municipality",
        "town",
        "office",
        "united",
        "the",
        *("alliance", "authority", "chamber", "cooperative", "department", "forum", "ministry", "organisation"),
        *("organization", "school", "trust", "region", "province", "bureau", "company", "coalition"),
    ),
    purposes=(
        r"aims? (?:to|at)",
        r"seeks? to",
        r"intends? to",
        r"the (?:aim|objective|purpose|goal) (?:\w+ ){0,4}is (?:to)?",
    ),
    projects=("project",),
    interested=("interested cities", "interested members", "cities interested", "members interested"),
    project_actions=("following activities", "following actions", "planned actions", "planned activities", "actions"),
    local_time="local time",
    questions=("how", "what", "which", "who", "why", "when", "where", "to what extent", "in what", "under what"),
    limits=(
        r"(?:max(?:imum|\.)?|up to|no more than|limit(?: of)?|at most|not more than) ?(?:of )?(\d{1,5}) ?words",
        r"(\d{1,5}) words(?: (?:max(?:imum|\.)?|or less|or fewer))?",
    ),
    continuing=word_set(
        "a an and as at before by for from in into its no of on or our over per than that the their "
        "this to under upon via "
        "which with within without between whose your these those"
    ),
    abbreviations=word_set("mr mrs ms dr prof st no art arts p pp e.g i.e etc vs max min vol ed dept gov hon rev"),
)
