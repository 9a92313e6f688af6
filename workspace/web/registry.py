"""What the workspace says of every request: refusals that no slice owns, shared reasons, and those of the engine."""

from workspace.web.i18n.marking import N_
from workspace.web.refusals.explanations import NOTHING_CHANGED, STILL_THERE, RefusalExplanation
from workspace.web.refusals.slice_registry import SliceRegistry

REGISTRY = SliceRegistry(
    needed={
        "reason": N_("A reason is needed: say why."),
        "file": N_("Choose a file first."),
    },
    precise={
        ("workspace.invalid", "too_long"): N_("This is too long: at most %(limit)s characters can be taken."),
    },
    explanations={
        "workspace.error": RefusalExplanation(
            N_("This cannot be done"),
            (N_("The workspace refused the request."),),
            NOTHING_CHANGED,
            N_("Go back and check what you asked for."),
        ),
        "workspace.not_found": RefusalExplanation(
            N_("There is nothing here"),
            (N_("There is nothing at this address, or it is not open to you."),),
            NOTHING_CHANGED,
            N_(
                "Check the address, or start again from the front page. If somebody sent you here, ask them for access."
            ),
        ),
        "workspace.invalid": RefusalExplanation(
            N_("Something in the form needs another look"),
            (N_("The field “%(field)s” cannot be taken as it is."), N_("A field cannot be taken as it is.")),
            STILL_THERE,
            N_("Go back, correct it and send the form again."),
        ),
        "workspace.stale": RefusalExplanation(
            N_("The text has moved on"),
            (N_("Somebody saved a newer version while you were working on this one."),),
            STILL_THERE,
            N_("Copy your words, open the current version, and make your change there."),
        ),
        "workspace.bad_file": RefusalExplanation(
            N_("This file could not be read"),
            (
                N_("“%(source)s” cannot be taken in: there is a problem at line %(line)s."),
                N_("“%(source)s” cannot be taken in."),
                N_("The file cannot be taken in."),
            ),
            N_("Nothing was imported, and your file is unchanged."),
            N_("Correct the file, or save it in another form that can be imported, and send it again."),
        ),
        "workspace.secrets_unkept": RefusalExplanation(
            N_("The server cannot keep secrets at the moment"),
            (
                N_("The key that seals secrets cannot be read from, or written to, the folder %(folder)s."),
                N_("The key that seals secrets is not at hand."),
            ),
            NOTHING_CHANGED,
            N_("Ask the people who run the server to look at the folder that WORKSPACE_KEYS names, and try again."),
        ),
        "workspace.missing_precondition": RefusalExplanation(
            N_("The request does not say what it replaces"),
            (N_("A change must name, in If-Match, the version that it was made from."),),
            NOTHING_CHANGED,
            N_("Read the current version, and send the change again with its id in If-Match."),
        ),
        "web.wrong_host": RefusalExplanation(
            N_("This server does not answer to that name"),
            (
                N_("The address in your browser, %(host)s, is not one of this server’s."),
                N_("The address is not one of this server’s."),
            ),
            NOTHING_CHANGED,
            N_("Use the address that the server printed when it started."),
        ),
        "web.cross_site": RefusalExplanation(
            N_("That came from another site"),
            (N_("Another site tried to do something here in your name."),),
            NOTHING_CHANGED,
            N_("If it was you, open the page here and do it from here."),
        ),
        "web.stale_form": RefusalExplanation(
            N_("This form has expired"),
            (N_("The form was opened in another browser, or its cookie is gone."),),
            STILL_THERE,
            N_("Go back, copy what you wrote, reload the page, and send the form again."),
        ),
        "web.bad_request": RefusalExplanation(
            N_("The request could not be read"),
            (N_("These parts could not be read: %(fields)s."), N_("What was sent is not in a form that can be read.")),
            NOTHING_CHANGED,
            N_("Check the address or the data, and send it again."),
        ),
        "web.wrong_method": RefusalExplanation(
            N_("That cannot be done at this address"),
            (N_("The address exists, but it does not take a request of this kind."),),
            NOTHING_CHANGED,
            N_("Open the page itself, and use its buttons."),
        ),
        "web.overtaken": RefusalExplanation(
            N_("Somebody else was a moment faster"),
            (N_("Somebody did the same thing at the same time, and it can only be done once."),),
            STILL_THERE,
            N_("Look at what is there now, and try again if it is still needed."),
        ),
        "web.too_large": RefusalExplanation(
            N_("That is too much at once"),
            (N_("What was sent is larger than what this address takes."),),
            STILL_THERE,
            N_("Send a smaller file, or the text in several parts."),
        ),
        "web.too_many": RefusalExplanation(
            N_("Too many requests"),
            (
                N_("There were too many requests in a short time. It can be tried again after %(minutes)s minutes."),
                N_("There were too many requests in a short time. It can be tried again after %(seconds)s seconds."),
                N_("There were too many requests in a short time."),
            ),
            STILL_THERE,
            N_("Wait a little, and try again."),
        ),
        "web.not_acceptable": RefusalExplanation(
            N_("There is no answer of that kind"),
            (N_("The request accepts only kinds of answers that this address does not give."),),
            NOTHING_CHANGED,
            N_("Ask for JSON, or leave the Accept header out."),
        ),
        "web.wrong_form": RefusalExplanation(
            N_("The data is not of the kind that this address takes"),
            (N_("The Content-Type of the request is not one that can be read here."),),
            NOTHING_CHANGED,
            N_("Send it in the form that the Accept-Post header of this answer names."),
        ),
        "web.busy": RefusalExplanation(
            N_("The workspace is busy at this moment"),
            (N_("Several changes stood in each other’s way, or the database was away for a moment."),),
            STILL_THERE,
            N_("Wait a few seconds, and send it again."),
        ),
        "web.full": RefusalExplanation(
            N_("The disk of the server is full"),
            (N_("Nothing can be written until there is room again. Everything can be read as usual."),),
            STILL_THERE,
            N_("Tell whoever runs the workspace, and send it again later."),
        ),
        "workspace.maintenance": RefusalExplanation(
            N_("The workspace is being looked after"),
            (N_("Its operators are at work, and nothing can be changed meanwhile. Everything can be read as usual."),),
            STILL_THERE,
            N_("Wait until they have finished, and send it again."),
        ),
        "workspace.moved": RefusalExplanation(
            N_("The workspace has moved to another database"),
            (N_("This one can only be read: what is written here would be lost."),),
            STILL_THERE,
            N_("Its operators set WORKSPACE_DATABASE_URL to the address of the new one."),
        ),
        "web.unknown_token": RefusalExplanation(
            N_("This token is not known"),
            (N_("The token in the Authorization header is not one of ours, has expired, or was ended."),),
            NOTHING_CHANGED,
            N_("Make a new token in your account, and use that one."),
        ),
        "web.sign_in_needed": RefusalExplanation(
            N_("You are not signed in"),
            (N_("This is about your own account, and your sign-in has ended."),),
            STILL_THERE,
            N_("Sign in, and open the page again."),
        ),
        "web.read_only_token": RefusalExplanation(
            N_("This token may only read"),
            (N_("The token was made for reading, and the request would change something."),),
            NOTHING_CHANGED,
            N_("Make a token that may also write in your account, and use that one."),
        ),
        "web.key_reused": RefusalExplanation(
            N_("This key stands for another request"),
            (N_("The Idempotency-Key was used within the last day for a request that asked for something else."),),
            NOTHING_CHANGED,
            N_("Choose a new key for each new request; send the same one only to repeat the same request."),
        ),
        "web.key_in_use": RefusalExplanation(
            N_("The same request is being carried out"),
            (N_("A request with this Idempotency-Key is on its way at this moment."),),
            NOTHING_CHANGED,
            N_("Wait a second, and send it again: it is carried out once only."),
        ),
        "web.answer_lost": RefusalExplanation(
            N_("This was done already"),
            (N_("The request with this Idempotency-Key was carried out, but its answer was lost."),),
            N_("What it did was kept, and was not done a second time."),
            N_("Read what is there now."),
        ),
        "web.failure": RefusalExplanation(
            N_("Something went wrong on our side"),
            (N_("The server could not finish. The failure was written down for the people who run it."),),
            N_("Whatever was not finished has been undone; what was saved before is safe."),
            N_("Try again in a moment. If it happens again, tell the secretariat what you were doing."),
        ),
    },
    reasons={
        ("workspace.invalid", "required"): N_("This is needed."),
        ("workspace.invalid", "empty"): N_("This is needed."),
        ("workspace.invalid", "too_long"): N_("This is too long."),
        ("workspace.invalid", "second_person"): N_("A second person has to confirm this: it cannot be the same one."),
        ("workspace.invalid", "not_a_moment"): N_(
            "“%(given)s” is not a date and time; write for example 2027-06-12T18:00."
        ),
        ("workspace.invalid", "in_the_past"): N_("This date has passed: choose one that is still to come."),
        ("workspace.invalid", "not_a_day"): N_("Write the day as year-month-day, for example 2027-06-12."),
        ("workspace.invalid", "nul"): N_("The field “%(field)s” holds a character that is no text (NUL)."),
        ("workspace.secrets_unkept", "not_readable"): N_("The key that seals secrets cannot be read in %(folder)s."),
        ("workspace.secrets_unkept", "not_written"): N_("The key that seals secrets cannot be written to %(folder)s."),
        ("workspace.invalid", "not_an_id"): N_("“%(given)s” is not an id."),
        ("workspace.invalid", "unknown_cursor"): N_("The list cannot be continued from there: begin it again."),
        ("workspace.invalid", "not_an_address"): N_("“%(given)s” is not an address; write FORUM/DECLARATION."),
        ("workspace.invalid", "nothing_changes"): N_("These words are already in the text: nothing would change."),
        ("workspace.invalid", "too_many"): N_("These are too many: at most %(limit)s."),
        ("workspace.invalid", "taken"): N_("“%(given)s” is already taken: choose another one."),
        ("workspace.invalid", "unknown_timezone"): N_(
            "“%(given)s” is not a time zone; write for example Europe/Madrid."
        ),
        ("workspace.bad_file", "damaged"): N_(
            "“%(source)s” is damaged: its part “%(table)s” is not as it was written."
        ),
        ("workspace.bad_file", "not_an_archive"): N_(
            "“%(source)s” is damaged, or is not the kind of file that its name says: save it again, and send that."
        ),
        ("workspace.bad_file", "too_many_members"): N_("“%(source)s” is made of more than %(limit)s parts."),
        ("workspace.bad_file", "unsafe_archive"): N_(
            "“%(source)s” holds “%(member)s”, which leads out of it: no such file needs that."
        ),
        ("workspace.bad_file", "member_twice"): N_("“%(source)s” holds “%(member)s” twice."),
        ("workspace.bad_file", "too_large_inflated"): N_("“%(source)s” is far larger unpacked than it looks."),
        ("workspace.bad_file", "not_xml"): N_("“%(source)s” is damaged: one of its parts cannot be read."),
        ("workspace.bad_file", "too_deep"): N_("“%(source)s” is built too deep to be read safely."),
        ("workspace.bad_file", "doctype"): N_("“%(source)s” calls for things outside itself, and is not read."),
        ("workspace.bad_file", "too_many_rows"): N_("“%(source)s” has more than %(most)s rows: divide it."),
        ("workspace.bad_file", "not_there"): N_("“%(source)s” is not there, or cannot be read."),
        ("workspace.bad_file", "not_readable"): N_("“%(source)s” is not there, or cannot be read."),
        ("workspace.bad_file", "not_written"): N_("“%(source)s” cannot be written."),
        ("workspace.bad_file", "another_declaration"): N_("“%(source)s” belongs to another declaration."),
        ("workspace.bad_file", "not_a_demo"): N_("“%(source)s” is not of a demonstration, and is left alone."),
        ("workspace.bad_file", "too_large"): N_(
            "“%(source)s” is too large: %(bytes)s bytes, and at most %(most)s can be taken in."
        ),
        ("workspace.bad_file", "empty"): N_("“%(source)s” is empty."),
        ("workspace.bad_file", "damaged_file"): N_(
            "“%(source)s” is damaged and cannot be read: open it where it was written, save it again, and send that."
        ),
        ("workspace.bad_file", "too_costly"): N_(
            "“%(source)s” takes more time or memory to read than any ordinary document: divide it, or send its text."
        ),
        ("workspace.bad_file", "unknown_kind"): N_(
            "“%(source)s” is none of the kinds that can be read: text, Markdown, Word (DOCX), OpenDocument "
            "(ODT) and PDF."
        ),
    },
)


ENGINE = SliceRegistry(
    explanations={
        "drafts.error": RefusalExplanation(
            N_("The text cannot take this"),
            (N_("The change does not fit the text."),),
            STILL_THERE,
            N_("Open the current text and try again from there."),
        ),
        "drafts.not_text": RefusalExplanation(
            N_("This file is not text"),
            (
                N_("“%(source)s” is not UTF-8 text: the byte at position %(offset)s cannot be read."),
                N_("The file is not UTF-8 text."),
            ),
            N_("Nothing was imported, and your file is unchanged."),
            N_("Save the file as plain text in UTF-8, and send it again."),
        ),
        "drafts.too_large": RefusalExplanation(
            N_("This is too large"),
            (
                N_("The size is %(size)s, and at most %(limit)s can be taken."),
                N_("It is larger than what can be taken."),
            ),
            STILL_THERE,
            N_("Divide it into smaller parts, and send them one by one."),
        ),
        "drafts.bad_markdown": RefusalExplanation(
            N_("Part of this text cannot be kept"),
            (
                N_("Line %(line)s uses marks that cannot be kept without losing something."),
                N_("It uses marks that cannot be kept without losing something."),
            ),
            STILL_THERE,
            N_("Write that line more simply, and send it again."),
        ),
        "drafts.missing_text": RefusalExplanation(
            N_("A paragraph has no text in one language"),
            (
                N_("The edition cannot be made: a paragraph has no text in “%(language)s”, and nobody decided that."),
                N_("The edition cannot be made: a paragraph lacks a text, and nobody decided that."),
            ),
            N_("Nothing was published."),
            N_("Translate the paragraph, or decide that it has no text in that language."),
        ),
        "drafts.unknown_block": RefusalExplanation(
            N_("That paragraph is not in this text"),
            (N_("The change names a paragraph that this version of the text does not have."),),
            STILL_THERE,
            N_("Open the current text: the paragraph may have been deleted, or joined with another."),
        ),
        "drafts.impossible_change": RefusalExplanation(
            N_("The text cannot take this change"),
            (N_("The change does not fit the paragraph that it was made for."),),
            STILL_THERE,
            N_("Open the paragraph in the current text, and make the change there."),
        ),
        "drafts.bad_exchange": RefusalExplanation(
            N_("This file could not be read"),
            (
                N_("There is a problem at line %(line)s of the file: it is not of the form that was expected."),
                N_("The file is not of the form that was expected."),
            ),
            N_("Nothing was taken in, and your file is unchanged."),
            N_("Save it again from the program it came from, as CSV, TMX or XLIFF, and send it once more."),
        ),
        "drafts.bad_note": RefusalExplanation(
            N_("This is not a signed checkpoint"),
            (
                N_("The checkpoint or the key cannot be read: something is the matter with its %(part)s."),
                N_("The checkpoint or the key cannot be read."),
            ),
            NOTHING_CHANGED,
            N_("Take the file as it was sent or published, without changing a character, and try again."),
        ),
        "drafts.bad_bundle": RefusalExplanation(
            N_("This is not a bundle that can be read"),
            (N_("The file is not an archive, or it is damaged."),),
            NOTHING_CHANGED,
            N_("Take the bundle.zip of the edition as it was published, and try again."),
        ),
    },
    reasons={
        ("drafts.impossible_change", "after_itself"): N_("A paragraph cannot stand after itself."),
        ("drafts.impossible_change", "no_parts"): N_("To divide a paragraph, mark at least two parts."),
        ("drafts.impossible_change", "not_neighbours"): N_("Only paragraphs that follow one another can be joined."),
        ("drafts.impossible_change", "no_text"): N_("A paragraph cannot be empty: propose to delete it instead."),
        ("drafts.impossible_change", "cannot_divide"): N_("A table, a note or a code block is kept whole."),
        ("drafts.impossible_change", "untranslated"): N_("The paragraph has no text in this language yet."),
        ("drafts.impossible_change", "id_taken"): N_("The id given to a new paragraph is that of another one."),
        ("drafts.impossible_change", "other_base"): N_("The change was made for another version of the text."),
        ("drafts.impossible_change", "untold"): N_(
            "These changes cannot be told one by one: send them in several files."
        ),
        ("drafts.bad_bundle", "not_an_edition"): N_("The archive is not the bundle of an edition."),
        ("drafts.bad_bundle", "too_large"): N_("The archive is far larger than the bundle of an edition."),
        ("drafts.bad_bundle", "too_many_members"): N_("The archive holds more files than the bundle of an edition."),
        ("drafts.bad_bundle", "twice"): N_("The archive holds “%(member)s” twice."),
        ("drafts.bad_bundle", "not_plain"): N_("The archive holds “%(member)s”, which is not a plain file."),
        ("drafts.bad_bundle", "encrypted"): N_("The archive is encrypted."),
        ("drafts.bad_exchange", "no_languages"): N_("The first line names no two of the columns es, en and fr."),
        ("drafts.bad_exchange", "doubled_column"): N_("The column “%(given)s” stands twice."),
        ("drafts.bad_exchange", "extra_cells"): N_("Line %(line)s has a cell without a heading."),
        ("drafts.bad_exchange", "not_a_table"): N_("Line %(line)s: this is no table of values."),
        ("drafts.bad_exchange", "too_long"): N_("Line %(line)s: a wording is too long."),
        ("drafts.bad_exchange", "not_tmx"): N_("This is no translation memory (TMX 1.4)."),
        ("drafts.bad_exchange", "not_xliff"): N_("This is no translators’ file (XLIFF 2.1 or 1.2)."),
        ("drafts.bad_exchange", "not_xml"): N_("The file is damaged: it is no XML (line %(line)s)."),
        ("drafts.bad_exchange", "unknown_language"): N_(
            "The file is in another language than Spanish, English or French."
        ),
        ("drafts.bad_markdown", "in_quotation"): N_("Line %(line)s: a quotation can hold paragraphs only."),
        ("drafts.bad_markdown", "heading_in_list"): N_("Line %(line)s: a heading cannot stand inside a list."),
        ("drafts.bad_markdown", "nul"): N_("Line %(line)s holds a character that is no text."),
    },
)
