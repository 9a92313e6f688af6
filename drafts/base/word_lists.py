"""Words written as readable lines, with blanks between them."""


def word_list(spaced: str) -> list[str]:
    """The words in their order."""
    return spaced.split()


def word_set(spaced: str) -> frozenset[str]:
    """The words as a set."""
    return frozenset(spaced.split())
