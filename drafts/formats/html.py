"""An edition as HTML files that stand alone: one language, or three side by side.

Nothing is loaded and nothing runs: the stylesheet and the fonts (about 165 kB
before encoding) are inside the file, and its own content policy forbids the rest.
"""

from base64 import b64encode
from collections.abc import Iterable, Sequence
from functools import cache
from html import escape
from pathlib import Path

from drafts.assembly import EditionText
from drafts.blocks import Language
from drafts.formats import pieces
from drafts.formats.html_blocks import Leaf, row, upright, wide
from drafts.formats.spaces import together
from drafts.formats.words import WORDS, adopted

HERE = Path(__file__).parent
FACES = (
    ("Newsreader", "400", "normal", "Newsreader-Regular.woff2"),
    ("Newsreader", "400", "italic", "Newsreader-Italic.woff2"),
    ("Newsreader", "600", "normal", "Newsreader-SemiBold.woff2"),
    ("Newsreader Display", "400", "normal", "NewsreaderDisplay-Regular.woff2"),
    ("Source Sans 3", "200 900", "normal", "SourceSans3-latin.woff2"),
)
POLICY = "default-src 'none'; style-src 'unsafe-inline'; font-src data:; base-uri 'none'; form-action 'none'"
ORNAMENT = (
    '<svg class="orn" viewBox="0 0 112 20" fill="none" stroke="currentColor" stroke-width="1.25" '
    'stroke-linecap="round" aria-hidden="true"><path d="M2 10h34M76 10h34"/>'
    '<path d="M44 10c4-5 8-5 12 0s8 5 12 0"/></svg>'
)


def page(text: EditionText, language: Language) -> bytes:
    """Return one language as a page of its own."""
    leaf = Leaf(text, language)
    name = "leaf paper" if text.stands_for else "leaf"
    made = [
        title_page(leaf),
        contents(leaf),
        f'<div class="text" id="text" tabindex="-1">{"".join(upright(leaf))}</div>',
        colophon(text, (language,)),
    ]
    return whole(text, (language,), f'<main class="{name}">{"".join(made)}</main>')


def parallel(text: EditionText) -> bytes:
    """Return the three languages side by side; on a phone one at a time, chosen by radios, without scripts."""
    leaves = [Leaf(text, language, prefix=f"{language}-") for language in Language]
    rows = [
        row("head", "", [(leaf, title_page(leaf)) for leaf in leaves]),
        choice(),
        row("head", "", [(leaf, contents(leaf)) for leaf in leaves]),
        row("head col-heads", "", [(leaf, escape(WORDS[leaf.language].name)) for leaf in leaves]),
        '<div id="text" tabindex="-1">',
        *wide(leaves),
        "</div>",
    ]
    inside = f'<div class="rows">{"".join(rows)}</div>{colophon(text, tuple(Language))}'
    return whole(text, tuple(Language), f'<main class="parallel">{inside}</main>')


def whole(text: EditionText, languages: Sequence[Language], main: str) -> bytes:
    titles = dict.fromkeys(text.imprint.declaration[language] for language in languages)
    skips = " · ".join(f'<span lang="{language}">{escape(WORDS[language].skip)}</span>' for language in languages)
    return (
        f'<!doctype html>\n<html lang="{languages[0]}">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{POLICY}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        '<meta name="color-scheme" content="light dark">\n'
        f"<title>{escape(' · '.join(titles))}</title>\n<style>\n{stylesheet()}</style>\n</head>\n<body>\n"
        f'<a class="skip" href="#text">{skips}</a>\n{main}\n</body>\n</html>\n'
    ).encode()


@cache
def stylesheet() -> str:
    """The shipped style with its fonts in it."""
    return "".join(map(font_face, *zip(*FACES, strict=True))) + (HERE / "edition.css").read_text("utf-8")


def font_face(family: str, weight: str, style: str, file: str) -> str:
    data = b64encode((HERE / "fonts" / file).read_bytes()).decode()
    return (
        f'@font-face {{ font-family: "{family}"; font-weight: {weight}; font-style: {style}; '
        f'src: url("data:font/woff2;base64,{data}") format("woff2"); }}\n'
    )


def title_page(leaf: Leaf) -> str:
    title, subtitle = pieces.title(leaf.text, leaf.language)
    imprint = leaf.text.imprint
    place = imprint.place[leaf.language]
    under = f'<p class="sub">{leaf.inline(subtitle)}</p>' if subtitle else ""
    return (
        f'<header class="title-page"><p class="issuer">{escape(together(imprint.forum[leaf.language], place))}</p>'
        f"<h1>{leaf.inline(together(title, place))}</h1>{under}"
        f'<p class="imprint">{escape(adopted(imprint, leaf.language))}</p>{ORNAMENT}</header>'
    )


def contents(leaf: Leaf) -> str:
    """Return the table of contents; nothing where a text has fewer than two headings."""
    headings = pieces.contents(leaf.text, leaf.language)
    if not headings:
        return ""
    lines = "".join(
        f'<li class="depth-{entry.depth}"><a href="#{leaf.address(f"b-{entry.id}")}">{escape(entry.words)}</a></li>'
        for entry in headings
    )
    label = escape(WORDS[leaf.language].contents)
    return f'<nav class="toc" aria-label="{label}"><h2>{label}</h2><ol>{lines}</ol></nav>'


def colophon(text: EditionText, languages: Iterable[Language]) -> str:
    lines = "".join(
        f'<p lang="{language}">{escape(". ".join(pieces.edition_named(text, language)))}. '
        f"{escape(WORDS[language].fingerprint)}</p>"
        for language in languages
    )
    return f'<footer class="colophon">{ORNAMENT}{lines}<code>{text.fingerprint}</code></footer>'


def choice() -> str:
    options = "".join(
        f'<label><input type="radio" name="language" value="{language}"{" checked" if index == 0 else ""}>'
        f'<span lang="{language}">{escape(WORDS[language].name)}</span></label>'
        for index, language in enumerate(Language)
    )
    legend = " · ".join(f'<span lang="{language}">{escape(WORDS[language].languages)}</span>' for language in Language)
    return f'<fieldset class="choice"><legend class="vh">{legend}</legend><div class="seg">{options}</div></fieldset>'
