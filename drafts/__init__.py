"""The engine: what texts are, what amendments do to them, and what must be put before people.

A *document* is one language of one revision: ordered *blocks*, each with an id that
outlives every edit (`blocks`). Markdown becomes blocks and blocks Markdown (`markup`);
paragraph numbers are derived from order, never stored (`numbering`).

Two documents compare to *hunks* (`diff`): which blocks were reworded, inserted, deleted,
moved, split or joined, and which words inside them. An *amendment* is a base, the text
a member proposes and the hunks between them (`amendments`); one may be made to
another (`children`).

Any number of amendments *merge* onto their base (`merge`). What nobody disputes lands;
what two dispute is a *cluster* with its readings, in which the base text stays. When
the base has moved on, an amendment is *rebased* (`rebase`) and a comment's *anchor* is carried
(`anchors`), by hunks, never by likeness.

The languages of a declaration are *aligned* paragraph by paragraph (`alignment`), which people settle where it is in
doubt (`aligning`); what agrees with what, or has gone stale, is derived (`staleness`); `checks` find what they do not
say alike. `parts`, `assembly`, `apparatus`, `proofs`, `shown`, `render` and `formats` make of all this what people
read, and `verifying` reads it back.

Everything is a plain value, and the same input gives the same bytes. No network, clock
or database; nothing is decided here that members should decide. `__all__` names what the service may import;
the other modules are how it is done.
"""

__all__ = [  # modules, imported one by one: `workspace diff` must not wait for what it does not use
    "aligning",
    "alignment",
    "amendments",
    "anchors",
    "apparatus",
    "assembly",
    "blame",
    "blocks",
    "checks",
    "children",
    "columns",
    "dialect",
    "diff",
    "errors",
    "formats",
    "kinds",
    "likeness",
    "mark_pairs",
    "markup",
    "memory",
    "merge",
    "numbering",
    "parts",
    "patterns",
    "proofs",
    "rebase",
    "render",
    "shown",
    "similarity",
    "staleness",
    "succession",
    "tokens",
    "verdicts",
    "verifying",
    "words",
]
