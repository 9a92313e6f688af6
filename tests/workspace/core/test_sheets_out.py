"""A spreadsheet that goes out: what other programs find in it is what was put there, kind by kind."""

import io
from datetime import UTC, date, datetime, timedelta, timezone

import openpyxl
import pytest
import python_calamine

from workspace.core.sheets import Column, xlsx

WORDS = (
    "a < b & c > d",
    " around ",
    "two\nlines",
    "=1+1",
    "http://a.example",
    "007",
    "é’—中😀",
    "'",
    "_x0041_",
    "a_x000D_b",
)
CONTROL = "a\r\nb\x01\x0b\x1f"
LIMA = timezone(timedelta(hours=-5))


def read(content: bytes) -> list[list[object]]:
    return python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0).to_python()


@pytest.mark.parametrize("words", [*WORDS, CONTROL])
def test_words_stay_words_letter_for_letter(words):
    assert read(xlsx("One", [Column("Words")], [[words]])) == [["Words"], [words]]


def test_each_kind_of_value_is_one_for_other_programs():
    at, day = datetime(2026, 11, 26, 23, 30, tzinfo=LIMA), date(2026, 11, 26)
    values = [at, day, 7, -2.5, True, "words", None, "", 0, False]
    content = xlsx("A/b [1]", [Column(f"{place} <&>", 10 + place) for place in range(len(values))], [values])
    sheet = openpyxl.load_workbook(io.BytesIO(content)).active
    found = [cell.value for cell in sheet[2]]
    assert (found[0], found[1].date()) == (at.astimezone(UTC).replace(tzinfo=None), day)
    assert found[2:] == [7, -2.5, True, "words", None, None, 0, False]
    assert [type(value) for value in (found[4], found[9])] == [bool, bool]
    formats = [cell.number_format for cell in sheet[2]][:3]
    assert formats == ["yyyy-mm-dd hh:mm", "yyyy-mm-dd", "General"]
    assert all(cell.alignment.vertical == "top" for cell in sheet[2] if cell.value is not None)
    assert [cell.alignment.wrap_text for cell in (sheet["F2"], sheet["C2"])] == [True, None]
    assert sheet["A1"].font.b
    assert (sheet.title, sheet["B1"].value, round(sheet.column_dimensions["B"].width)) == ("Ab 1", "1 <&>", 12)


@pytest.mark.parametrize("count", [1, 2_500])
def test_it_says_how_far_it_goes(count):
    """Programs that read row by row believe it, and filter no further."""
    content = xlsx("One", [Column("A"), Column("B"), Column("C"), Column("D")], ([1, 2, 3, 4] for _ in range(count)))
    assert read(content)[1:] == [[1, 2, 3, 4]] * count
    sheet = openpyxl.load_workbook(io.BytesIO(content)).active
    assert (sheet.freeze_panes, sheet.auto_filter.ref) == ("A2", f"A1:D{max(count, 1) + 1}")
    streamed = openpyxl.load_workbook(io.BytesIO(content), read_only=True).active
    assert streamed.calculate_dimension() == f"A1:D{max(count, 1) + 1}"


def test_a_cell_holds_no_more_than_such_programs_take():
    assert read(xlsx("One", [Column("Words")], [["x" * 40_000]]))[1] == ["x" * 32_767]
