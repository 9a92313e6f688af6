"""What the workspace says of every request: refusals that no slice owns, shared reasons, and those of the engine."""

from workspace.web.i18n.marking import N_
from workspace.web.refusals.slice_registry import NOTHING_CHANGED, STILL_THERE, RefusalExplanation, SliceRegistry

_REFUSED = N_("The request was refused.")

REGISTRY = SliceRegistry(
    needed={"reason": N_("Give a reason."), "file": N_("Choose a file.")},
    precise={("workspace.invalid", "too_long"): N_("Too long: at most %(limit)s characters.")},
    explanations={
        "workspace.error": RefusalExplanation(
            N_("Not possible"), (_REFUSED,), NOTHING_CHANGED, N_("Go back and check it.")
        ),
        "workspace.not_found": RefusalExplanation(
            N_("Page not found"),
            (N_("Nothing is here, or you have no access."),),
            NOTHING_CHANGED,
            N_("Check the address, or ask its sender for access."),
        ),
        "workspace.invalid": RefusalExplanation(
            N_("Check the form"),
            (N_("The field “%(field)s” is not valid."), N_("A field is not valid.")),
            STILL_THERE,
            N_("Correct it and send the form again."),
        ),
        "workspace.stale": RefusalExplanation(
            N_("The text has changed"),
            (N_("Somebody saved a newer version meanwhile."),),
            STILL_THERE,
            N_("Copy your text and open the current version."),
        ),
        "workspace.bad_file": RefusalExplanation(
            N_("File not readable"),
            (
                N_("“%(source)s”: problem at line %(line)s."),
                N_("“%(source)s” cannot be imported."),
                N_("The file cannot be imported."),
            ),
            NOTHING_CHANGED,
            N_("Correct it, or save it in another format."),
        ),
        "workspace.secrets_unkept": RefusalExplanation(
            N_("Secrets unavailable"),
            (N_("The key for secrets in %(folder)s is not accessible."), _REFUSED),
            NOTHING_CHANGED,
            N_("Ask the operators to check the folder WORKSPACE_KEYS."),
        ),
        "workspace.missing_precondition": RefusalExplanation(
            N_("If-Match missing"),
            (N_("A change names its base version there."),),
            NOTHING_CHANGED,
            N_("Read the current version and send its id."),
        ),
        "web.wrong_host": RefusalExplanation(
            N_("Unknown server name"),
            (N_("The address %(host)s is not one of this server’s."), _REFUSED),
            NOTHING_CHANGED,
            N_("Use the address printed when the server started."),
        ),
        "web.cross_site": RefusalExplanation(
            N_("Request from another site"),
            (N_("Another site tried to act here in your name."),),
            NOTHING_CHANGED,
            N_("If it was you, do it from this site."),
        ),
        "web.stale_form": RefusalExplanation(
            N_("Form expired"),
            (N_("It was opened in another browser, or its cookie is gone."),),
            STILL_THERE,
            N_("Copy your text, reload the page, and send it again."),
        ),
        "web.bad_request": RefusalExplanation(
            N_("Request not readable"),
            (N_("Not readable: %(fields)s."), _REFUSED),
            NOTHING_CHANGED,
            N_("Check the address or the data."),
        ),
        "web.wrong_method": RefusalExplanation(
            N_("Not possible at this address"),
            (N_("The address does not accept this kind of request."),),
            NOTHING_CHANGED,
            N_("Open the page and use its buttons."),
        ),
        "web.overtaken": RefusalExplanation(
            N_("Somebody was faster"),
            (N_("Somebody did the same at the same time."),),
            STILL_THERE,
            N_("See what is there now."),
        ),
        "web.settled": RefusalExplanation(
            N_("Not possible"), (N_("Settled, gone, or closed to you."),), NOTHING_CHANGED, N_("See what is there now.")
        ),
        "web.too_large": RefusalExplanation(
            N_("Too large"), (N_("Larger than allowed."),), STILL_THERE, N_("Divide it into smaller parts.")
        ),
        "web.too_many": RefusalExplanation(
            N_("Too many requests"),
            (N_("Try again in %(minutes)s minutes."), N_("Try again in %(seconds)s seconds."), _REFUSED),
            STILL_THERE,
            N_("Wait, then try again."),
        ),
        "web.not_acceptable": RefusalExplanation(
            N_("No answer of that kind"),
            (N_("The kinds in Accept are not available."),),
            NOTHING_CHANGED,
            N_("Ask for JSON, or omit Accept."),
        ),
        "web.wrong_form": RefusalExplanation(
            N_("Unsupported data type"),
            (N_("The Content-Type cannot be read here."),),
            NOTHING_CHANGED,
            N_("Use a type named in Accept-Post."),
        ),
        "web.busy": RefusalExplanation(
            N_("Busy"),
            (N_("Several changes conflicted, or the database was away."),),
            STILL_THERE,
            N_("Send it again in a few seconds."),
        ),
        "web.full": RefusalExplanation(
            N_("The server’s disk is full"),
            (N_("Only reading is possible."),),
            STILL_THERE,
            N_("Tell the operators, and send it again later."),
        ),
        "workspace.maintenance": RefusalExplanation(
            N_("Maintenance"), (N_("Only reading is possible."),), STILL_THERE, N_("Send it again later.")
        ),
        "workspace.moved": RefusalExplanation(
            N_("Moved to another database"),
            (N_("Only reading is possible."),),
            STILL_THERE,
            N_("The operators set WORKSPACE_DATABASE_URL to the new one."),
        ),
        "web.unknown_token": RefusalExplanation(
            N_("Unknown token"),
            (N_("The token is unknown, expired or ended."),),
            NOTHING_CHANGED,
            N_("Create a new token in your account."),
        ),
        "web.sign_in_needed": RefusalExplanation(
            N_("You are not signed in"),
            (N_("You are no longer signed in."),),
            STILL_THERE,
            N_("Sign in and open the page again."),
        ),
        "web.read_only_token": RefusalExplanation(
            N_("Read-only token"),
            (N_("The request would change something."),),
            NOTHING_CHANGED,
            N_("Create a token that may write."),
        ),
        "web.key_reused": RefusalExplanation(
            N_("Idempotency-Key already used"),
            (N_("It was used within a day for another request."),),
            NOTHING_CHANGED,
            N_("Use a new key for each request."),
        ),
        "web.key_in_use": RefusalExplanation(
            N_("Already under way"),
            (N_("The same request is under way."),),
            NOTHING_CHANGED,
            N_("Send it again in a few seconds."),
        ),
        "web.answer_lost": RefusalExplanation(
            N_("Already done"),
            (N_("Only its answer was lost."),),
            N_("It was done once."),
            N_("See what is there now."),
        ),
        "web.failure": RefusalExplanation(
            N_("Server error"),
            (N_("The failure was recorded for the operators."),),
            N_("What was unfinished is undone."),
            N_("Try again, or tell the secretariat what you did."),
        ),
    },
    reasons={
        ("workspace.invalid", "required"): N_("Required."),
        ("workspace.invalid", "empty"): N_("Required."),
        ("workspace.invalid", "too_long"): N_("This is too long."),
        ("workspace.invalid", "second_person"): N_("Another person must approve this."),
        ("workspace.invalid", "asked_already"): N_("This was already requested."),
        ("workspace.invalid", "not_a_moment"): N_("“%(given)s” is not a time such as 2027-06-12T18:00."),
        ("workspace.invalid", "in_the_past"): N_("Choose a date still to come."),
        ("workspace.invalid", "not_a_day"): N_("“%(given)s” is not a date, such as 2027-06-12."),
        ("workspace.invalid", "nul"): N_("“%(field)s” holds a character that is not text (NUL)."),
        ("workspace.secrets_unkept", "not_readable"): N_("The key for secrets in %(folder)s is not accessible."),
        ("workspace.secrets_unkept", "not_written"): N_("The key for secrets in %(folder)s is not accessible."),
        ("workspace.invalid", "not_an_id"): N_("“%(given)s” is not an id."),
        ("workspace.invalid", "unknown_cursor"): N_("The list cannot continue from there."),
        ("workspace.invalid", "not_an_address"): N_("“%(given)s” is not an address: FORUM/DECLARATION."),
        ("workspace.invalid", "nothing_changes"): N_("Already in the text: nothing would change."),
        ("workspace.invalid", "too_many"): N_("Too many: at most %(limit)s."),
        ("workspace.invalid", "taken"): N_("“%(given)s” is already used: choose another."),
        ("workspace.invalid", "unknown_timezone"): N_("“%(given)s” is not a time zone, such as Europe/Madrid."),
        ("workspace.bad_file", "damaged"): N_("“%(source)s” is damaged: part “%(table)s” was altered."),
        ("workspace.bad_file", "not_an_archive"): N_("“%(source)s” is damaged or misnamed: save it again."),
        ("workspace.bad_file", "too_many_members"): N_("“%(source)s” has more than %(limit)s parts."),
        ("workspace.bad_file", "unsafe_archive"): N_("“%(source)s” holds “%(member)s”, which leads out of it."),
        ("workspace.bad_file", "member_twice"): N_("“%(source)s” holds “%(member)s” twice."),
        ("workspace.bad_file", "too_large_inflated"): N_("“%(source)s” is far too large when unpacked."),
        ("workspace.bad_file", "not_xml"): N_("“%(source)s” is damaged or misnamed: save it again."),
        ("workspace.bad_file", "too_deep"): N_("“%(source)s” is nested too deep."),
        ("workspace.bad_file", "doctype"): N_("“%(source)s” refers to things outside itself."),
        ("workspace.bad_file", "too_many_rows"): N_("“%(source)s” has more than %(most)s rows: divide it."),
        ("workspace.bad_file", "not_there"): N_("“%(source)s” does not exist, or cannot be read."),
        ("workspace.bad_file", "not_readable"): N_("“%(source)s” does not exist, or cannot be read."),
        ("workspace.bad_file", "not_written"): N_("“%(source)s” cannot be written."),
        ("workspace.bad_file", "another_declaration"): N_("“%(source)s” belongs to another declaration."),
        ("workspace.bad_file", "not_a_demo"): N_("“%(source)s” is not of a demonstration."),
        ("workspace.bad_file", "too_large"): N_("“%(source)s” is too large: %(bytes)s bytes, at most %(most)s."),
        ("workspace.bad_file", "empty"): N_("“%(source)s” is empty."),
        ("workspace.bad_file", "damaged_file"): N_("“%(source)s” is damaged or misnamed: save it again."),
        ("workspace.bad_file", "too_costly"): N_("“%(source)s” takes too long to read: divide it."),
        ("workspace.bad_file", "unknown_kind"): N_(
            "“%(source)s” is not text, Markdown, Word (DOCX), OpenDocument (ODT) or PDF."
        ),
    },
)


ENGINE = SliceRegistry(
    explanations={
        "drafts.error": RefusalExplanation(
            N_("The text does not allow this"),
            (N_("The change does not fit."),),
            STILL_THERE,
            N_("Open the current text and try again."),
        ),
        "drafts.not_text": RefusalExplanation(
            N_("Not a text file"),
            (N_("“%(source)s” is not text in UTF-8 (line %(line)s)."), N_("The file cannot be imported.")),
            NOTHING_CHANGED,
            N_("Save it as plain text in UTF-8."),
        ),
        "drafts.too_large": RefusalExplanation(
            N_("Too large"),
            (N_("Size %(size)s; at most %(limit)s."), N_("Larger than allowed.")),
            STILL_THERE,
            N_("Divide it into smaller parts."),
        ),
        "drafts.bad_markdown": RefusalExplanation(
            N_("Unsupported marks"),
            (N_("Line %(line)s uses marks that would be lost."), N_("The change does not fit.")),
            STILL_THERE,
            N_("Simplify that line and send it again."),
        ),
        "drafts.missing_text": RefusalExplanation(
            N_("A paragraph lacks a language"),
            (N_("A paragraph has no text in “%(language)s”, without a decision."), _REFUSED),
            N_("Nothing was published."),
            N_("Translate it, or decide to leave it out."),
        ),
        "drafts.unknown_block": RefusalExplanation(
            N_("No such paragraph"),
            (N_("The paragraph is not in this version of the text."),),
            STILL_THERE,
            N_("Open the current text and try again."),
        ),
        "drafts.impossible_change": RefusalExplanation(
            N_("The text does not allow this"),
            (N_("The change does not fit its paragraph."),),
            STILL_THERE,
            N_("Open the current text and try again."),
        ),
        "drafts.bad_exchange": RefusalExplanation(
            N_("File not readable"),
            (N_("Unexpected form at line %(line)s."), N_("The file cannot be imported.")),
            N_("Nothing was imported."),
            N_("Save it again as CSV, TMX or XLIFF."),
        ),
        "drafts.bad_note": RefusalExplanation(
            N_("Not a signed checkpoint"),
            (N_("Not readable: %(part)s."), _REFUSED),
            NOTHING_CHANGED,
            N_("Use the file exactly as published."),
        ),
        "drafts.bad_bundle": RefusalExplanation(
            N_("Not a readable bundle"),
            (N_("The file is not an archive, or is damaged."),),
            NOTHING_CHANGED,
            N_("Use the bundle.zip of the edition as published."),
        ),
    },
    reasons={
        ("drafts.impossible_change", "after_itself"): N_("A paragraph cannot follow itself."),
        ("drafts.impossible_change", "no_parts"): N_("Mark at least two parts."),
        ("drafts.impossible_change", "not_neighbours"): N_("Only consecutive paragraphs can be joined."),
        ("drafts.impossible_change", "no_text"): N_("A paragraph cannot be empty: delete it instead."),
        ("drafts.impossible_change", "cannot_divide"): N_("Tables, notes and code cannot be split or converted."),
        ("drafts.impossible_change", "other_kind"): N_("Tables, notes and code cannot be split or converted."),
        ("drafts.impossible_change", "untranslated"): N_("No text in this language yet."),
        ("drafts.impossible_change", "id_taken"): N_("The id of the new paragraph is already used."),
        ("drafts.impossible_change", "other_base"): N_("The change is for another version of the text."),
        ("drafts.impossible_change", "untold"): N_("Too many changes to list: send several files."),
        ("drafts.bad_bundle", "not_an_edition"): N_("The archive is not the bundle of an edition."),
        ("drafts.bad_bundle", "too_large"): N_("The archive is too large for a bundle."),
        ("drafts.bad_bundle", "too_many_members"): N_("The archive is too large for a bundle."),
        ("drafts.bad_bundle", "twice"): N_("The archive holds “%(member)s” twice."),
        ("drafts.bad_bundle", "not_plain"): N_("The archive holds “%(member)s”, not a plain file."),
        ("drafts.bad_bundle", "encrypted"): N_("The archive is encrypted."),
        ("drafts.bad_exchange", "no_languages"): N_("The first line needs two of the columns es, en and fr."),
        ("drafts.bad_exchange", "doubled_column"): N_("Column “%(given)s” twice."),
        ("drafts.bad_exchange", "extra_cells"): N_("Line %(line)s: a cell without heading."),
        ("drafts.bad_exchange", "not_a_table"): N_("Line %(line)s: not a table of values."),
        ("drafts.bad_exchange", "too_long"): N_("Line %(line)s: wording too long."),
        ("drafts.bad_exchange", "not_tmx"): N_("Not a translation memory (TMX 1.4)."),
        ("drafts.bad_exchange", "not_xliff"): N_("Not a translation file (XLIFF 2.1 or 1.2)."),
        ("drafts.bad_exchange", "not_xml"): N_("Damaged file: not XML (line %(line)s)."),
        ("drafts.bad_exchange", "unknown_language"): N_("The file is not in Spanish, English or French."),
        ("drafts.bad_markdown", "in_quotation"): N_("Line %(line)s: a quotation can hold only paragraphs."),
        ("drafts.bad_markdown", "heading_in_list"): N_("Line %(line)s: a heading cannot be inside a list."),
        ("drafts.bad_markdown", "nul"): N_("Line %(line)s: a character that is not text."),
    },
)
