"""Why a letter did not leave: a sentence for each stable word that the outbox keeps."""

from collections.abc import Mapping

from workspace.web.marking import N_

REASONS: Mapping[str, str] = {
    "bad_address": N_("This is not an e-mail address."),
    "recipient_refused": N_("The server does not deliver to this address."),
    "bounced": N_("It came back: the receiver’s server could not deliver it."),
    "message_refused": N_("The server refused the letter."),
    "utf8_missing": N_("The server cannot write to an address with such letters."),
    "expired": N_("What the letter told of was over before it could be sent."),
    "bad_path": N_("The letter had no page to lead to. This is a fault in the program."),
    "unknown_kind": N_("There are no words for this kind of letter. This is a fault in the program."),
    "unreachable": N_("The mail server could not be reached."),
    "tls_failed": N_("The connection to the mail server could not be made secure."),
    "tls_missing": N_("The mail server offers no secure connection."),
    "sign_in_refused": N_("The mail server refused the user name or the password."),
    "sign_in_missing": N_("The mail server takes letters only from whom it knows: WORKSPACE_SMTP has to name a user."),
    "sender_refused": N_("The mail server refused the sender’s address."),
    "connection_lost": N_("The connection to the mail server broke."),
    "folder": N_("The folder for letters could not be written to."),
}
HOPELESS = frozenset({"bad_address", "expired", "bad_path"})  # another try would end the same way
NOT_TRIED = N_("Not tried yet.")
CAUSES: Mapping[str, str] = {  # of addresses from which letters came back
    "no_address": N_("Their server knows no such address: a letter may be wrong in it, or the person has left."),
    "full": N_("Their mailbox is full."),
    "closed": N_("Their mailbox is closed, or takes no letters."),
    "no_server": N_("There is no mail server behind the address: what follows the @ may be wrong."),
    "refused": N_("Their server takes no letters from this workspace, or took this one for unwanted mail."),
    "other": N_("Their server could not deliver, and did not say why."),
}
