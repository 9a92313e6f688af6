"""The last run as a table, as a short one in the README, and as a drawing: of what is allowed, how much was needed."""

import re
from collections.abc import Iterator, Sequence
from html import escape
from pathlib import Path

from tests.benchmarks.measuring import Measured, Targets

WIDTH, ROW, LABEL, BAR, TOP = 990, 24, 500, 360, 34
MOST = 1.2  # of what is allowed: the drawing goes no further
SHORT = (  # what the README tells
    "diff, 20 pages, clustered",
    "diff, 20 pages, clustered, beside diff-match-patch on words",
    "merge, 1,000 amendments on 400 paragraphs, beside pairs",
    "merge, the same as whole texts, beside git merge-file by word",
    "anchors, 5,000, beside searching quotes with context until all are found",
    "checks of 400 paragraphs in three languages",
    "best matches among 100,000 segments, the slowest",
    "PDF in three columns, 20 pages",
    "PDF in three columns, 20 pages, after one changed word",
    "reading, three languages, cold",
    "reading, three languages, warm",
    "read by id: FastAPI on the same data layer",
    "read by id: Flask on the same data layer",
)
_IN_README = re.compile(r"(?<=<!-- last run -->\n).*?(?=<!-- end of it -->)", re.DOTALL)
STYLE = (
    "text{font:13px system-ui,sans-serif;fill:#201d18}.n{fill:#4f4a42}.bar{fill:#14505b}.over{fill:#a8321f}"
    ".limit{stroke:#201d18;stroke-dasharray:3 3}.ground{fill:#fdfcf8}"
    "@media(prefers-color-scheme:dark){text{fill:#d8d3c8}.n{fill:#b1aba0}.bar{fill:#8fc4c9}.over{fill:#e58a76}"
    ".limit{stroke:#d8d3c8}.ground{fill:#141618}}"
)


def keep(targets: Targets, root: Path) -> Iterator[Path]:
    """Write the files below `root`; answers with their paths."""
    readme = root / "README.md"
    short = _table([one for one in targets.rows if one.what in SHORT])
    title = "# Benchmarks: the last run of `python -m tests.benchmarks --pages --write`\n\n"
    document = root / "docs" / "benchmarks.md"
    _, mark, others = document.read_text(encoding="utf-8").partition("\n## ")  # tables of other commands
    for path, text in (
        (document, title + _table(targets.rows) + mark + others),
        (root / "docs" / "benchmarks.svg", _drawn(targets.rows)),
        (readme, _IN_README.sub(lambda _: short, readme.read_text(encoding="utf-8"))),
    ):
        path.write_text(text, encoding="utf-8")
        yield path


def _table(rows: Sequence[Measured]) -> str:
    lines = ["| target | wanted | measured | |", "|---|---:|---:|---|"]
    lines += [
        f"| {one.what} | {one.wanted} | {one.measured} | {'met' if one.is_met else '**missed**'} |" for one in rows
    ]
    return "\n".join((*lines, ""))


def _drawn(rows: Sequence[Measured]) -> str:
    """One bar for each target. The dashed line is what is allowed; a bar that ends before it has met its target."""
    height = TOP + ROW * len(rows) + 10
    limit = LABEL + BAR / MOST
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" role="img">',
        "<title>How much of what each target allows was needed in the last run</title>",
        f"<style>{STYLE}</style>",
        f'<rect class="ground" width="{WIDTH}" height="{height}"/>',
        f'<text x="{limit:.0f}" y="18" text-anchor="middle">allowed</text>',
    ]
    for number, one in enumerate(rows):
        y = TOP + ROW * number
        length = BAR * min(one.share, MOST) / MOST
        kind = "bar" if one.is_met else "over"
        parts += [
            f'<text x="{LABEL - 10}" y="{y + 14}" text-anchor="end">{escape(one.what)}</text>',
            f'<rect class="{kind}" x="{LABEL}" y="{y + 3}" width="{max(length, 1):.1f}" height="{ROW - 10}"/>',
            f'<text class="n" x="{LABEL + BAR + 8}" y="{y + 14}">{escape(one.measured)}</text>',
        ]
    parts.append(f'<line class="limit" x1="{limit:.1f}" x2="{limit:.1f}" y1="{TOP - 8}" y2="{height - 6}"/>')
    return "\n".join((*parts, "</svg>", ""))
