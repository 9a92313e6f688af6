"""Whatever program saved a spreadsheet, its rows are the same texts; one made to do harm is refused."""

from datetime import date, datetime

import pytest

from tests.support.sheets import ods, ods_of, xlsx
from workspace.core.errors import BadFile
from workspace.core.spreadsheets import read_rows

ROWS = [
    [],
    ["Name", "", "Number", "Day"],
    ["Íñigo\nPeña", "", "007", date(2027, 6, 10)],
    [],
    ["", 7, 2.5, datetime.fromisoformat("2027-06-10T12:30")],
    ["=1+1 & so on", 1_234_567_890_123, "", ""],
]
TEXTS = [
    ["", "", "", ""],
    ["Name", "", "Number", "Day"],
    ["Íñigo\nPeña", "", "007", "2027-06-10"],
    ["", "", "", ""],
    ["", "7", "2.5", "2027-06-10 12:30"],
    ["=1+1 & so on", "1234567890123", "", ""],
]


def rows(data: bytes) -> list[list[str]]:
    return [list(row) for row in read_rows(data, source="a file")]


def reason(data: bytes) -> str:
    with pytest.raises(BadFile) as refusal:
        rows(data)
    assert refusal.value.facts["source"] == "a file"
    return refusal.value.facts["reason"]


def test_a_workbook_of_opendocument_is_read_as_it_was_typed():
    assert rows(ods(*ROWS)) == TEXTS


def test_a_workbook_of_excel_is_read_as_it_was_typed():
    quoted = [["'=1+1 & so on" if cell == "=1+1 & so on" else cell for cell in row] for row in ROWS]
    texts = [["'=1+1 & so on" if cell == "=1+1 & so on" else cell for cell in row] for row in TEXTS]
    assert rows(xlsx(*quoted)) == texts


def test_cells_of_a_text_file_are_parted_by_what_parts_its_headings():
    assert rows("Nombre;Ciudad, país\nÍñigo;Alta, ES\n".encode("cp1252")) == [
        ["Nombre", "Ciudad, país"],
        ["Íñigo", "Alta, ES"],
    ]


@pytest.mark.parametrize("sign", ",;\t")
@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "cp1252", "latin-1"])
def test_a_text_file_says_the_same_in_every_encoding(encoding, sign):
    table = [["Título", "Año"], ["Educación cívica", "El niño y el agua"], ["Équité", "Château"]]
    text = "".join(f"{sign.join(row)}\r\n" for row in table)
    assert rows(text.encode(encoding)) == table


@pytest.mark.parametrize("encoding", ["mac-roman", "cp850", "shift-jis"])
def test_a_text_file_in_an_encoding_that_cannot_be_told_is_refused_rather_than_read_wrongly(encoding):
    text = "Título;Año\nEducación cívica, según;El niño y el café añejo, ¿más?\n"
    wrong = text if encoding != "shift-jis" else "題名;都市\n水を守る;東京都\n"
    assert reason(wrong.encode(encoding)) == "encoding"


@pytest.mark.parametrize(
    ("text", "row"),
    [('Name,Town\n"Ana,Alta\nLuc,Baja\n', 2), ('Name,Town\nAna,Alta\n"Luc" Roy,Baja\n', 3), ('"Name\nAna\n', 1)],
)
def test_a_quotation_mark_that_would_swallow_rows_is_named_with_its_row(text, row):
    with pytest.raises(BadFile) as refusal:
        rows(text.encode())
    assert (refusal.value.facts["reason"], refusal.value.facts["row"]) == ("open_quotation", row)


def test_an_empty_sheet_has_no_rows():
    assert rows(ods()) == []


@pytest.mark.parametrize(("columns", "why"), [(1, "too_many_rows"), (3, "too_costly"), (16_000, "not_a_spreadsheet")])
def test_a_small_file_that_asks_for_a_million_rows_is_refused(columns, why):
    kind = f'office:value-type="string" table:number-columns-repeated="{columns}"'
    cell = f"<table:table-cell {kind}><text:p>x</text:p></table:table-cell>"
    assert reason(ods_of(f'<table:table-row table:number-rows-repeated="1000000">{cell}</table:table-row>')) == why


def test_a_cell_in_the_far_corner_of_a_sheet_is_refused():
    assert reason(xlsx(["Name"], *[[]] * 1_000_000, [""] * 16_000 + ["x"])) == "too_costly"


def test_an_archive_that_is_no_workbook_is_no_spreadsheet():
    data = ods_of("").replace(b"content.xml", b"nothing.xml")
    assert reason(data) == "not_a_spreadsheet"
