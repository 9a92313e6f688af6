"""English cues."""

from workspace.interchange.notes.rules.table import Cues, plain_words, word_set

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
    **plain_words("en"),
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
    purposes=(
        r"aims? (?:to|at)",
        r"seeks? to",
        r"intends? to",
        r"the (?:aim|objective|purpose|goal) (?:\w+ ){0,4}is (?:to)?",
    ),
    limits=(
        r"(?:max(?:imum|\.)?|up to|no more than|limit(?: of)?|at most|not more than) ?(?:of )?(\d{1,5}) ?words",
        r"(\d{1,5}) words(?: (?:max(?:imum|\.)?|or less|or fewer))?",
    ),
)
