"""What is said about a request itself: who asks, in which form, how often, and a server that rests meanwhile."""

from collections.abc import Mapping

from workspace.web.explanation import NOTHING_CHANGED, STILL_THERE, Explanation
from workspace.web.i18n import N_

REQUESTS: Mapping[str, Explanation] = {
    "workspace.missing_precondition": Explanation(
        N_("The request does not say what it replaces"),
        (N_("A change must name, in If-Match, the version that it was made from."),),
        NOTHING_CHANGED,
        N_("Read the current version, and send the change again with its id in If-Match."),
    ),
    "web.wrong_host": Explanation(
        N_("This server does not answer to that name"),
        (
            N_("The address in your browser, %(host)s, is not one of this server’s."),
            N_("The address is not one of this server’s."),
        ),
        NOTHING_CHANGED,
        N_("Use the address that the server printed when it started."),
    ),
    "web.cross_site": Explanation(
        N_("That came from another site"),
        (N_("Another site tried to do something here in your name."),),
        NOTHING_CHANGED,
        N_("If it was you, open the page here and do it from here."),
    ),
    "web.stale_form": Explanation(
        N_("This form has expired"),
        (N_("The form was opened in another browser, or its cookie is gone."),),
        STILL_THERE,
        N_("Go back, copy what you wrote, reload the page, and send the form again."),
    ),
    "web.bad_request": Explanation(
        N_("The request could not be read"),
        (N_("These parts could not be read: %(fields)s."), N_("What was sent is not in a form that can be read.")),
        NOTHING_CHANGED,
        N_("Check the address or the data, and send it again."),
    ),
    "web.wrong_method": Explanation(
        N_("That cannot be done at this address"),
        (N_("The address exists, but it does not take a request of this kind."),),
        NOTHING_CHANGED,
        N_("Open the page itself, and use its buttons."),
    ),
    "web.overtaken": Explanation(
        N_("Somebody else was a moment faster"),
        (N_("Somebody did the same thing at the same time, and it can only be done once."),),
        STILL_THERE,
        N_("Look at what is there now, and try again if it is still needed."),
    ),
    "web.too_large": Explanation(
        N_("That is too much at once"),
        (N_("What was sent is larger than what this address takes."),),
        STILL_THERE,
        N_("Send a smaller file, or the text in several parts."),
    ),
    "web.too_many": Explanation(
        N_("Too many requests"),
        (
            N_("There were too many requests in a short time. It can be tried again after %(minutes)s minutes."),
            N_("There were too many requests in a short time. It can be tried again after %(seconds)s seconds."),
            N_("There were too many requests in a short time."),
        ),
        STILL_THERE,
        N_("Wait a little, and try again."),
    ),
    "web.not_acceptable": Explanation(
        N_("There is no answer of that kind"),
        (N_("The request accepts only kinds of answers that this address does not give."),),
        NOTHING_CHANGED,
        N_("Ask for JSON, or leave the Accept header out."),
    ),
    "web.wrong_form": Explanation(
        N_("The data is not of the kind that this address takes"),
        (N_("The Content-Type of the request is not one that can be read here."),),
        NOTHING_CHANGED,
        N_("Send it in the form that the Accept-Post header of this answer names."),
    ),
    "web.busy": Explanation(
        N_("The workspace is busy at this moment"),
        (N_("Several changes stood in each other’s way, or the database was away for a moment."),),
        STILL_THERE,
        N_("Wait a few seconds, and send it again."),
    ),
    "workspace.maintenance": Explanation(
        N_("The workspace is being looked after"),
        (N_("Its operators are at work, and nothing can be changed meanwhile. Everything can be read as usual."),),
        STILL_THERE,
        N_("Wait until they have finished, and send it again."),
    ),
    "web.unknown_token": Explanation(
        N_("This token is not known"),
        (N_("The token in the Authorization header is not one of ours, has expired, or was ended."),),
        NOTHING_CHANGED,
        N_("Make a new token in your account, and use that one."),
    ),
    "letters.unknown_secret": Explanation(
        N_("This secret is not known"),
        (N_("The Authorization header does not hold the secret that the operator chose for returned letters."),),
        NOTHING_CHANGED,
        N_("Ask the operator for it: it stands in WORKSPACE_BOUNCE_SECRET."),
    ),
    "web.sign_in_needed": Explanation(
        N_("You are not signed in"),
        (N_("This is about your own account, and your sign-in has ended."),),
        STILL_THERE,
        N_("Sign in, and open the page again."),
    ),
    "web.read_only_token": Explanation(
        N_("This token may only read"),
        (N_("The token was made for reading, and the request would change something."),),
        NOTHING_CHANGED,
        N_("Make a token that may also write in your account, and use that one."),
    ),
    "web.key_reused": Explanation(
        N_("This key stands for another request"),
        (N_("The Idempotency-Key was used within the last day for a request that asked for something else."),),
        NOTHING_CHANGED,
        N_("Choose a new key for each new request; send the same one only to repeat the same request."),
    ),
    "web.key_in_use": Explanation(
        N_("The same request is being carried out"),
        (N_("A request with this Idempotency-Key is on its way at this moment."),),
        NOTHING_CHANGED,
        N_("Wait a second, and send it again: it is carried out once only."),
    ),
    "web.answer_lost": Explanation(
        N_("This was done already"),
        (N_("The request with this Idempotency-Key was carried out, but its answer was lost."),),
        N_("What it did was kept, and was not done a second time."),
        N_("Read what is there now."),
    ),
    "web.failure": Explanation(
        N_("Something went wrong on our side"),
        (N_("The server could not finish. The failure was written down for the people who run it."),),
        N_("Whatever was not finished has been undone; what was saved before is safe."),
        N_("Try again in a moment. If it happens again, tell the secretariat what you were doing."),
    ),
}
