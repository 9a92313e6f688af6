"""How wide the columns of a table are: in Word and on paper alike."""

from collections.abc import Sequence

_LONGEST_WORD, _ON_A_LINE = 14, 105  # characters: of words that no column breaks, and of a line of small ones


def shares(rows: Sequence[Sequence[str]]) -> Sequence[float]:
    """How much of the page each column takes: its longest word at least, and of the rest more for longer texts.

    The shares add up to 1; there are as many as the longest row has cells, at least one.
    """
    least, lengths = [], []
    for place in range(max(map(len, rows))):
        said = [row[place] for row in rows if place < len(row)]
        longest = max((len(word) for words in said for word in words.split()), default=0)
        least.append((min(longest, _LONGEST_WORD) + 3) / _ON_A_LINE)
        lengths.append(1 + sum(map(len, said)) / len(said))
    rest = max(1 - sum(least), 0)
    found = [width + rest * length / sum(lengths) for width, length in zip(least, lengths, strict=True)]
    return [share / sum(found) for share in found]
