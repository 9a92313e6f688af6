"""Why something was refused, in one sentence for each code and reason; the facts of the refusal fill the places.

A test reads the source of the program for every reason that it gives, and fails on one without a sentence.
"""

from collections.abc import Mapping

from workspace.web.file_reasons import FILES
from workspace.web.i18n import N_

NEEDED: Mapping[str, str] = {  # instead of “This is needed”, by field: what stands in a list without its field
    "reason": N_("A reason is needed: say why."),
    "file": N_("Choose a file first."),
}
PRECISE: Mapping[tuple[str, str], str] = {  # instead of the general sentence, where the facts for it are given
    ("workspace.invalid", "too_long"): N_("This is too long: at most %(limit)s characters can be taken."),
}
REASONS: Mapping[tuple[str, str], str] = {
    ("workspace.invalid", "required"): N_("This is needed."),
    ("workspace.invalid", "spent"): N_("This code is not the one the server printed, or it has been used."),
    ("workspace.invalid", "empty"): N_("This is needed."),
    ("workspace.invalid", "takes_a_chair"): N_(
        "Only the chair can lay an embargo: publish without a time, or let the chair be one of the two."
    ),
    ("workspace.invalid", "no_correction_same"): N_("These are the published words: nothing is corrected."),
    ("workspace.invalid", "no_correction_empty"): N_(
        "A correction neither takes a text away nor writes one where there is none."
    ),
    ("workspace.invalid", "no_correction_original"): N_(
        "The paragraph was decided in this language, and the other languages do not contradict it. Only slips of "
        "typing can be put right here; other words need another declaration."
    ),
    ("workspace.invalid", "no_correction_meaning"): N_(
        "A number, a reference, an order or a negation would change, and the other languages do not say so: that is "
        "another text, and needs another declaration."
    ),
    ("workspace.invalid", "no_correction_contradicts"): N_(
        "The text would no longer say the same as the other languages (%(check)s): that is no correction."
    ),
    ("workspace.invalid", "no_correction_too_much"): N_(
        "So many words change that the paragraph is written anew. Correct only what is wrong."
    ),
    ("workspace.invalid", "needs_silence"): N_(
        "No rule can tell that all of this is a mere correction: put it before the members, so that they can object."
    ),
    ("workspace.invalid", "waits_already"): N_(
        "A corrigendum waits to be agreed: its words can no longer change. Take it back first."
    ),
    ("workspace.invalid", "not_asked"): N_("Nobody has asked for this corrigendum yet."),
    ("workspace.invalid", "is_over"): N_("This corrigendum is over."),
    ("workspace.invalid", "too_long"): N_("This is too long."),
    ("workspace.invalid", "one_part"): N_("Put an empty line where the words are to be divided."),
    ("workspace.invalid", "not_neighbours"): N_("Only recommendations of one session can be joined."),
    ("workspace.invalid", "not_in_document"): N_(
        "These words are not in the document. Select them there, or name the lines they stand in."
    ),
    ("workspace.invalid", "not_a_weight"): N_("A weight is a whole number from 1 to %(limit)s."),
    ("workspace.invalid", "secret_by_weight"): N_(
        "Weighed votes are cast by roll call: in a secret vote, the weight would tell whose vote it was."
    ),
    ("workspace.invalid", "not_a_share"): N_("The quorum is a share of those who may vote, from 0 to 100."),
    ("workspace.invalid", "not_come_yet"): N_("This day has not come yet: take today, or a day before."),
    ("workspace.invalid", "decided"): N_("This amendment is decided already."),
    ("workspace.invalid", "not_in_the_text"): N_("These words are not in the text that is voted on."),
    ("workspace.invalid", "texts_missing"): N_(
        "A silence procedure needs the whole text in all languages. Texts that are missing: %(count)s."
    ),
    ("workspace.invalid", "silence_open"): N_("A silence procedure is open already: it has to end first."),
    ("workspace.invalid", "nobody_votes"): N_(
        "Nobody had a vote on that day: votes are held on behalf of an organisation."
    ),
    ("workspace.invalid", "voted_already"): N_("You have voted already: a vote is cast once."),
    ("workspace.invalid", "delegation_voted"): N_("Your delegation has voted already: its voice is cast once."),
    ("workspace.invalid", "closed"): N_("This question is closed."),
    ("workspace.invalid", "no_vote"): N_("This question is not a vote: it ends by itself, or is withdrawn."),
    ("workspace.invalid", "nothing_to_decide"): N_(
        "There is nothing to decide here: the question was not answered, or its decision is taken."
    ),
    ("workspace.invalid", "ends_before_it_starts"): N_("It cannot end before it starts."),
    ("workspace.invalid", "waived_already"): N_("Somebody has let this finding stand already."),
    ("workspace.invalid", "nothing_to_claim"): N_(
        "Nothing has changed here that still counts as a change of substance."
    ),
    ("workspace.invalid", "has_text"): N_("There is a text in that language already."),
    ("workspace.invalid", "two_key_holders"): N_(
        "Two administrators answer for the signing key: one asks (--as), another one confirms (--second)."
    ),
    ("workspace.invalid", "second_person"): N_("A second person has to confirm this: it cannot be the same one."),
    ("workspace.invalid", "not_next"): N_("The declaration cannot go to that phase from where it is."),
    ("workspace.invalid", "each_once"): N_("Each amendment can be decided once only."),
    ("workspace.invalid", "original"): N_(
        "The paragraph is written in this language: its words change by amendment, or by the committee’s own edit."
    ),
    ("workspace.invalid", "unconfirmed"): N_("Recommendation %(number)s is not confirmed: confirm it first."),
    ("workspace.invalid", "not_open_yet"): N_("The window for amendments has not opened yet: the calendar says when."),
    ("workspace.invalid", "not_a_rapporteur"): N_("A session can be given only to a rapporteur of this forum."),
    ("workspace.invalid", "published"): N_("The declaration is published: what stands around its text is fixed."),
    ("workspace.invalid", "listed_already"): N_("This person is in the list already, for this organisation."),
    ("workspace.invalid", "row_of_one_cell"): N_(
        "Row %(row)s says only “%(given)s”, and other rows say more: whether that is an organisation or a person "
        "cannot be known. Put a semicolon or a tab after an organisation, or leave the row out. Nothing was entered."
    ),
    ("workspace.invalid", "row_without_name"): N_("Row %(row)s has no organisation. Nothing was entered."),
    ("workspace.invalid", "row_without_day"): N_(
        "Row %(row)s: “%(given)s” is not a day; write 2027-06-12. Nothing was entered."
    ),
    ("workspace.invalid", "window_shut"): N_("The window for reservations is not open now."),
    ("workspace.invalid", "no_mandate_of_it"): N_("You hold no mandate of this organisation today."),
    ("workspace.invalid", "as_filed"): N_("These are the words that were filed: nobody can change them."),
    ("workspace.invalid", "too_many_annexes"): N_("A declaration can have %(most)s annexes at most."),
    ("workspace.invalid", "no_such_amendment"): N_("There is no amendment with the number “%(given)s”."),
    ("workspace.invalid", "no_such_set"): N_("Choose one of the forum’s sets of recommendations."),
    ("workspace.invalid", "not_readable"): N_("Line %(line)s of the text cannot be read: simplify it."),
    ("workspace.invalid", "is_so_already"): N_("It is so already: nothing would change."),
    ("workspace.invalid", "asked_already"): N_("Somebody has asked for this already."),
    ("workspace.invalid", "not_as_many"): N_("The list must have as many entries as the session has people: %(most)s."),
    ("workspace.invalid", "not_a_moment"): N_(
        "“%(given)s” is not a date and time; write for example 2027-06-12T18:00."
    ),
    ("workspace.invalid", "no_such_time"): N_(
        "There is no such time: the clock of %(zone)s goes past %(given)s when summer time begins."
    ),
    ("workspace.invalid", "opened_already"): N_("This has opened already: its opening can no longer be changed."),
    ("workspace.invalid", "too_far_ahead"): N_("“%(given)s” is more than ten years away: look at the year."),
    ("workspace.invalid", "in_the_past"): N_("This date has passed: choose one that is still to come."),
    ("workspace.invalid", "closes_before_opens"): N_("It cannot close before it opens."),
    ("workspace.invalid", "out_of_order"): N_("The phases have to open one after another, in their order."),
    ("workspace.invalid", "outside_phases"): N_(
        "The window for amendments has to lie between the opening of the review and that of the adoption."
    ),
    ("workspace.invalid", "not_a_day"): N_("Write the day as year-month-day, for example 2027-06-12."),
    ("workspace.invalid", "too_short"): N_("This is too short: at least %(least)s characters."),
    ("workspace.invalid", "too_common"): N_(
        "Too many people use this password, and programs that guess try it first: choose another one."
    ),
    ("workspace.invalid", "too_plain"): N_(
        "This password follows a pattern that is easy to guess: choose another one."
    ),
    ("workspace.invalid", "about_you"): N_(
        "This password is made of your name, your address or the name of this place: choose another one."
    ),
    ("workspace.invalid", "bad_email"): N_("This is not an e-mail address: write it like name@example.org."),
    ("workspace.invalid", "wrong_password"): N_("This is not your present password."),
    ("workspace.invalid", "wrong_code"): N_("The code is wrong, or it was used already: wait for the next one."),
    ("workspace.invalid", "read_only_role"): N_("An auditor’s programs may only read."),
    ("workspace.invalid", "unknown_language"): N_("Choose Spanish, English or French."),
    ("workspace.invalid", "has_account"): N_("This person has an account already."),
    ("workspace.invalid", "enrolled_already"): N_("There is a second factor already."),
    ("workspace.invalid", "not_a_secret"): N_("The secret of the second factor is not one of ours: begin again."),
    ("workspace.invalid", "unknown_forum"): N_("There is no such forum."),
    ("workspace.invalid", "unknown_choice"): N_("Letters of this kind cannot come “%(given)s”."),
    ("workspace.invalid", "unknown_notice"): N_("There is no kind of letter called “%(given)s”."),
    ("workspace.invalid", "not_callable"): N_("This is not an address that can be called."),
    ("workspace.invalid", "not_https"): N_("Only an address with https is called."),
    ("workspace.invalid", "not_public"): N_("Only an address of the public net is called."),
    ("workspace.invalid", "no_calls"): N_("The operator of this server lets it call no other address."),
    ("workspace.invalid", "choose_kinds"): N_("Choose what it is told of."),
    ("workspace.invalid", "out_of_range"): N_("Choose a number from %(least)s to %(most)s."),
    ("workspace.undecidable", "decided"): N_("Amendment %(number)s has been decided already."),
    ("workspace.already_proposed", "own"): N_("You have filed exactly this already, as amendment %(number)s."),
    ("workspace.already_proposed", "own_delegation"): N_(
        "Your delegation has filed exactly this already, as amendment %(number)s: you stand behind it, too."
    ),
    ("workspace.already_proposed", "other"): N_(
        "Amendment %(number)s asks for exactly this already: support it instead of filing a second one."
    ),
    ("workspace.invalid", "yourself"): N_("You stand behind your own amendment already."),
    ("workspace.invalid", "one_voice"): N_(
        "Your organisation speaks with one voice here, and stands behind this amendment already."
    ),
    ("workspace.invalid", "nobody_so_called"): N_("Choose one of the people who are offered: “%(given)s” is none."),
    ("workspace.undecidable", "own"): N_("Amendment %(number)s is your own: somebody else has to decide on it."),
    ("workspace.undecidable", "own_delegation"): N_(
        "Amendment %(number)s was filed by your own delegation: another chair, or a deputy, has to decide on it."
    ),
    ("workspace.undecidable", "nothing_leads"): N_(
        "Amendment %(number)s cannot be left to the translators: no words in another language were taken there."
    ),
    ("workspace.undecidable", "modify_parent"): N_(
        "Amendment %(number)s amends another one: put the committee’s own wording on that one."
    ),
    ("workspace.undecidable", "children_first"): N_(
        "Amendment %(number)s is amended itself: decide on the amendments to it first, or with it."
    ),
    ("workspace.undecidable", "children_accepted"): N_(
        "The committee has accepted an amendment to amendment %(number)s: it cannot be written anew."
    ),
    ("workspace.undecidable", "amends_already"): N_(
        "Amendment %(number)s amends another one, and cannot be amended itself."
    ),
    ("workspace.undecidable", "indivisible"): N_(
        "Amendment %(number)s is indivisible: it is taken whole or not at all."
    ),
    ("workspace.undecidable", "paragraph_closed"): N_(
        "Amendment %(number)s would change a paragraph that is closed: the chair opens it again first."
    ),
    ("workspace.undecidable", "in_brackets"): N_(
        "Amendment %(number)s would change a paragraph that stands in brackets: resolve the bracket, or add to it."
    ),
    ("workspace.undecidable", "not_bracketable"): N_(
        "Amendment %(number)s does more than change or add one paragraph: it cannot stand in brackets."
    ),
    ("workspace.undecidable", "nothing_put"): N_("Nobody has put other words for amendment %(number)s."),
    ("workspace.invalid", "paragraph_closed"): N_(
        "This paragraph is agreed and closed. It takes no change unless the chair opens it again."
    ),
    ("workspace.invalid", "in_brackets"): N_("This paragraph stands in brackets: its bracket is resolved first."),
    ("workspace.invalid", "choose_some"): N_("Choose some of its changes, and not all of them."),
    ("workspace.invalid", "parts_marks"): N_(
        "These changes open or close a pair of marks, such as bold or quotation marks. Take both ends, or neither."
    ),
    ("workspace.invalid", "not_last"): N_(
        "Only the decisions taken last can be undone, in the same phase and on the text that they left."
    ),
    ("workspace.undecidable", "other_language"): N_(
        "Amendment %(number)s is in another language than the others that are decided with it."
    ),
    ("drafts.impossible_change", "after_itself"): N_("A paragraph cannot stand after itself."),
    ("drafts.impossible_change", "no_parts"): N_("To divide a paragraph, mark at least two parts."),
    ("drafts.impossible_change", "not_neighbours"): N_("Only paragraphs that follow one another can be joined."),
    ("drafts.impossible_change", "no_text"): N_("A paragraph cannot be empty: propose to delete it instead."),
    ("drafts.impossible_change", "cannot_divide"): N_("A table, a note or a code block is kept whole."),
    ("drafts.impossible_change", "untranslated"): N_("The paragraph has no text in this language yet."),
    ("drafts.impossible_change", "id_taken"): N_("The id given to a new paragraph is that of another one."),
    ("drafts.impossible_change", "other_base"): N_("The change was made for another version of the text."),
    ("workspace.invalid", "nul"): N_("The field “%(field)s” holds a character that is no text (NUL)."),
    ("workspace.no_key", "not_there"): N_("The folder %(folder)s does not hold the key that is in force."),
    ("workspace.no_key", "none"): N_("No signing key has been made yet; the folder for it is %(folder)s."),
    ("workspace.secrets_unkept", "not_readable"): N_("The key that seals secrets cannot be read in %(folder)s."),
    ("workspace.secrets_unkept", "not_written"): N_("The key that seals secrets cannot be written to %(folder)s."),
    ("workspace.invalid", "key_in_force"): N_("The key %(given)s is in force: put another in its place by rotating."),
    ("workspace.invalid", "key_revoked"): N_("The key %(given)s has been revoked already."),
    ("workspace.invalid", "no_such_size"): N_("The log has no entry with the number %(given)s there."),
    ("workspace.invalid", "not_empty"): N_("The database is not empty: there are rows in “%(given)s”."),
    ("workspace.invalid", "unknown_word"): N_("“%(given)s” is not one of the words that can stand here."),
    ("workspace.invalid", "unknown_role"): N_(
        "“%(given)s” is not a role. Write one of these: observer, member, rapporteur, translator, committee, "
        "secretariat, chair, auditor, administrator."
    ),
    ("workspace.invalid", "unknown_organisation_kind"): N_(
        "“%(given)s” is not a kind of organisation. Write one of these: city, region, network, other."
    ),
    ("workspace.invalid", "erasure_waits"): N_("This person has been erased already, or a request for it waits."),
    ("workspace.invalid", "nothing_waits"): N_("There is no request that waits."),
    ("workspace.invalid", "not_an_id"): N_("“%(given)s” is not an id."),
    ("workspace.invalid", "unknown_cursor"): N_("The list cannot be continued from there: begin it again."),
    ("workspace.invalid", "no_language"): N_(
        "The name of “%(given)s” does not say its language: end it in .es.md, .en.md or .fr.md, or write es=FILE."
    ),
    ("workspace.invalid", "same_language"): N_("Two files are in one language: %(given)s."),
    ("workspace.invalid", "not_an_address"): N_("“%(given)s” is not an address; write FORUM/DECLARATION."),
    ("workspace.invalid", "nothing_changes"): N_("These words are already in the text: nothing would change."),
    ("workspace.invalid", "not_printable"): N_("This holds characters that cannot be printed: type it anew."),
    ("workspace.invalid", "unknown_country"): N_(
        "“%(given)s” is not a country: write its usual name, or its two letters, such as MX."
    ),
    ("workspace.invalid", "too_many"): N_("These are too many: at most %(limit)s."),
    ("workspace.invalid", "nothing_to_merge"): N_("Choose another recommendation to merge into this one."),
    ("workspace.invalid", "out_of_register"): N_(
        "Recommendation %(number)s is merged or dropped itself: choose another one to keep."
    ),
    ("workspace.invalid", "speaks_for_none"): N_(
        "You speak for no organisation in this forum: ask the secretariat to note yours."
    ),
    ("workspace.invalid", "not_yours"): N_("You do not speak for this organisation."),
    ("workspace.invalid", "not_ready_made"): N_("This list does not come with the program: give it a name."),
    ("workspace.invalid", "ready_made"): N_("This theme belongs to a list that stays as it is."),
    ("workspace.invalid", "before_start"): N_("The last day lies before the first one."),
    ("workspace.invalid", "ended_already"): N_("The role ends before that day already."),
    ("workspace.invalid", "outside_mandate"): N_("A deputy stands in on days on which the chair’s own role counts."),
    ("workspace.invalid", "held_already"): N_("They hold this role on some of these days already."),
    ("workspace.invalid", "not_yourself"): N_("Nobody gives a role to themselves: somebody else has to."),
    ("workspace.invalid", "itself"): N_("It cannot be the same one."),
    ("workspace.invalid", "unknown_day"): N_("“%(given)s” is not a day; write it as 2027-06-10."),
    ("workspace.invalid", "email_of_another"): N_("Row %(line)s has this address with another name."),
    ("workspace.invalid", "same_row"): N_("Row %(line)s says the same."),
    ("workspace.invalid", "not_your_organisation"): N_("You look after other organisations than “%(given)s”."),
    ("workspace.invalid", "not_yours_to_give"): N_(
        "You cannot give this role at present: leave the row out, or ask somebody of the secretariat."
    ),
    ("workspace.invalid", "rows_with_problems"): N_(
        "Rows with problems: %(count)s. Correct them, or take in the good ones only."
    ),
    ("workspace.invalid", "not_in_text"): N_("These words are not in the text: copy them from it."),
    ("workspace.invalid", "more_than_once"): N_("These words stand there more than once: choose a few more of them."),
    ("workspace.invalid", "too_many_held"): N_("%(most)s of your comments wait for a moderator: please wait for them."),
    ("workspace.invalid", "of_another_text"): N_("This file was made from another declaration: bring it in there."),
    ("workspace.invalid", "settled"): N_("What this file says has been settled already."),
    ("workspace.invalid", "two_languages"): N_("Choose two or three languages."),
    ("drafts.impossible_change", "untold"): N_("These changes cannot be told one by one: send them in several files."),
    ("workspace.invalid", "unknown"): N_("“%(given)s” is not in the list."),
    ("workspace.invalid", "one_language"): N_("A term needs words in two languages at least."),
    ("workspace.invalid", "unknown_check"): N_("“%(given)s” is no check, or has no such weight."),
    ("workspace.invalid", "nothing_chosen"): N_("Choose at least one."),
    ("workspace.invalid", "not_current"): N_(
        "A text in this language is missing or behind: bring it up to date first."
    ),
    ("workspace.invalid", "not_ready_to_sign"): N_(
        "A text of this paragraph is missing or behind, or not yet approved."
    ),
    ("workspace.invalid", "has_errors"): N_("The checks find an error in one of the texts: mend it, or let it stand."),
    ("workspace.invalid", "not_reworded"): N_("This amendment does not reword that paragraph in another language."),
    ("workspace.invalid", "not_their_language"): N_("This person does not translate into that language."),
    ("workspace.invalid", "publish_instead"): N_(
        "A declaration is published by publishing its edition, with two people."
    ),
    ("workspace.invalid", "taken"): N_("“%(given)s” is already taken: choose another one."),
    ("workspace.invalid", "not_a_slug"): N_(
        "“%(given)s” cannot be part of an address: use small letters, digits and hyphens."
    ),
    ("workspace.invalid", "unknown_timezone"): N_("“%(given)s” is not a time zone; write for example Europe/Madrid."),
    **FILES,
}
