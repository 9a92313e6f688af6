"""The engine: what texts are, what amendments do to them, and what must be put before people.

A *document* is one language of one revision: ordered *blocks*, each with an id that outlives every edit
(`text.blocks`). Markdown becomes blocks and blocks Markdown (`text.markup`); paragraph numbers are derived from order,
never stored (`text.numbering`).

Two documents compare to *hunks* (`diff`): which blocks were reworded, inserted, deleted, moved, split or joined, and
which words inside them. An *amendment* is a base, the text a member proposes and the hunks between them
(`diff.amendments`); one may be made to another (`merge.merge`).

Any number of amendments *merge* onto their base (`merge`). What nobody disputes lands; what two dispute is a
*cluster* with its readings, in which the base text stays. When the base has moved on, an amendment is *rebased*
(`merge.rebase`) and a comment's *anchor* is carried (`merge.anchors`), by hunks, never by likeness.

The languages of a declaration are *aligned* paragraph by paragraph (`languages.alignment`); what agrees with what, or
has gone stale, is derived (`languages.staleness`); `checks` find what they do not say alike. `render` and `formats`
make of all this what people read, and `verification` reads it back.

Everything is a plain value, and the same input gives the same bytes. No network, clock or database; nothing is
decided here that members should decide. Which package may import which is a contract in `pyproject.toml`.
"""

__all__ = ["base", "checks", "diff", "formats", "languages", "merge", "render", "text", "verification"]
