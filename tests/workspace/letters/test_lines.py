"""What people wrote stands on one line of a letter, and holds together where its language says so."""

import pytest

from workspace.letters.rendering import unwrapped


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("La phase se ferme à 23:41\u00a0: Examen", "La phase se ferme à 23:41\u00a0: Examen"),
        ("«\u202fLa nuit\u202f»", "«\u202fLa nuit\u202f»"),
        ("  Ana\r\nBcc:  all\u2028@home.example\u00a0", "Ana Bcc: all @home.example"),
        ("=?utf-8?q?x?=", "= ?utf-8?q?x?="),
        ("\u202eAna", "Ana"),
    ],
)
def test_a_line_keeps_its_no_break_spaces_and_nothing_else_that_breaks_or_turns_it(written, said):
    assert unwrapped(written) == said
