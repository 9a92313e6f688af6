"""What files made to be large may cost: less than 300 MB, in a process that does nothing else."""

import io
import subprocess
import sys
import zipfile

import pytest

from workspace.interchange.notes.lines import MOST_CHARACTERS

MOST = 300_000_000  # bytes
READ = """
import resource, sys
from pathlib import Path
from workspace.core.errors import BadFile
from workspace.interchange.notes import read_note
from workspace.interchange.intake.domain.parsing import word_text
from workspace.people.roster_file import read_sheet
try:
    {"note": read_note, "word": word_text, "sheet": read_sheet}[sys.argv[1]](sys.stdin.buffer.read(), source="a")
except BadFile as refusal:
    print(refusal.facts["reason"])
own = next(line.split()[1] for line in Path("/proc/self/status").read_text().splitlines() if line.startswith("VmHWM"))
print(int(own) * 1024, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss * 1024)
"""
NAMESPACE = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'


def archive(members: dict[str, str]) -> bytes:
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as files:
        for name, content in members.items():
            files.writestr(name, content)
    return written.getvalue()


def word() -> bytes:
    """Forty megabytes of paragraphs with attributes that nobody needs."""
    paragraphs = "".join(f'<w:p w:a="{n}" w:b="{n}x" w:c="{n}y" w:d="{n}z"/>' for n in range(700_000))
    document = f"<w:document {NAMESPACE}><w:body>{paragraphs}</w:body></w:document>"
    return archive({"[Content_Types].xml": "<Types/>", "word/document.xml": document})


def sheet() -> bytes:
    rows = "".join(f'<row r="{n}"><c r="A{n}"><v>{n}</v></c></row>' for n in range(1, 700_000))
    return archive({"xl/workbook.xml": "<workbook/>", "xl/worksheets/sheet1.xml": f"<sheetData>{rows}</sheetData>"})


@pytest.mark.long
@pytest.mark.parametrize(
    ("importer", "data", "said"),
    [
        ("word", word, "too_costly"),
        ("note", word, "too_costly"),
        ("note", lambda: b"a" + b"\n" * 9_900_000, "too_many_lines"),
        ("note", lambda: b"word " * (MOST_CHARACTERS // 4), "too_many_letters"),
        ("sheet", sheet, "not_a_spreadsheet"),
    ],
    ids=["word", "note in word", "lines", "letters", "sheet"],
)
def test_a_file_made_to_be_large_is_refused_within_its_memory(importer, data, said):
    found = subprocess.run([sys.executable, "-c", READ, importer], input=data(), capture_output=True, check=True)
    reason, used = found.stdout.decode().splitlines()
    assert reason == said
    assert max(map(int, used.split())) < MOST
