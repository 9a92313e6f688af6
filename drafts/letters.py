"""Which letters of a replaced word differ: for display only, never for merging."""

from diff_match_patch import diff_match_patch
from msgspec import Struct

from drafts.constants import DETAIL_FROM
from drafts.graphemes import graphemes
from drafts.tokens import Token, TokenKind, tokenize


class Detail(Struct, frozen=True):
    """A piece of an inserted or deleted word: what differs from the word it replaces, or what they share."""

    text: str
    is_changed: bool


def details(old: str, new: str) -> tuple[tuple[Detail, ...], tuple[Detail, ...]]:
    """`old` and `new` in pieces that are shared or changed, cut between grapheme clusters.

    Both are empty unless word answers word and some of them are nearly alike:
    letters that two different words happen to share help nobody.
    """
    old_tokens, new_tokens = tokenize(old), tokenize(new)
    if [token.kind for token in old_tokens] != [token.kind for token in new_tokens]:
        return (), ()
    pairs = [_pair(before, after) for before, after in zip(old_tokens, new_tokens, strict=True)]
    sides = (_merged([d for pair in pairs for d in pair[0]]), _merged([d for pair in pairs for d in pair[1]]))
    has_shared_letters = any(not d.is_changed and d.text.strip() for d in sides[0])
    return sides if has_shared_letters else ((), ())


def _pair(old: Token, new: Token) -> tuple[list[Detail], list[Detail]]:
    if old.text == new.text:
        return [Detail(old.text, is_changed=False)], [Detail(new.text, is_changed=False)]
    enough = DETAIL_FROM * (len(old.text) + len(new.text)) / 2
    if old.kind is TokenKind.WORD and _most_shared(old.text, new.text) >= enough:
        old_pieces, new_pieces = _letters(graphemes(old.text), graphemes(new.text))
        if sum(len(piece.text) for piece in old_pieces if not piece.is_changed) >= enough:
            return old_pieces, new_pieces
    return [Detail(old.text, is_changed=True)], [Detail(new.text, is_changed=True)]


def _most_shared(old: str, new: str) -> int:
    """How many letters two words share in any order: never fewer than in the order in which they stand."""
    return sum(min(old.count(letter), new.count(letter)) for letter in set(old))


def _letters(old: tuple[str, ...], new: tuple[str, ...]) -> tuple[list[Detail], list[Detail]]:
    clusters = sorted({*old, *new})
    codes = {cluster: chr(index) for index, cluster in enumerate(clusters)}
    engine = diff_match_patch()
    engine.Diff_Timeout = 0  # the default limit of one second would make the result depend on the machine's load
    sides: tuple[list[Detail], list[Detail]] = ([], [])
    coded = ("".join(codes[cluster] for cluster in side) for side in (old, new))
    for operation, piece in engine.diff_main(*coded, checklines=False):
        text = "".join(clusters[ord(code)] for code in piece)
        if operation <= 0:
            sides[0].append(Detail(text, is_changed=operation != 0))
        if operation >= 0:
            sides[1].append(Detail(text, is_changed=operation != 0))
    return sides


def _merged(pieces: list[Detail]) -> tuple[Detail, ...]:
    merged: list[Detail] = []
    for piece in pieces:
        if merged and merged[-1].is_changed == piece.is_changed:
            merged[-1] = Detail(merged[-1].text + piece.text, piece.is_changed)
        else:
            merged.append(piece)
    return tuple(merged)
