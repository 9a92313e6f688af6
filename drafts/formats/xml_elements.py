"""Elements of XML: those that are read, for whose type lxml has no public name; those of Word are written as text."""

import re
from collections.abc import Iterator
from html import escape
from typing import NewType

from lxml import etree
from lxml.etree import _Element

Element = _Element
Xml = NewType("Xml", str)  # an element as it is written, every word in it escaped
W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
MC = "http://schemas.openxmlformats.org/markup-compatibility/2006"
_MICROSOFT = "http://schemas.microsoft.com/office/word"
NAMESPACES = {"w": W, "r": R, "w14": f"{_MICROSOFT}/2010/wordml", "w15": f"{_MICROSOFT}/2012/wordml", "mc": MC}

_ROOT = "".join(f' xmlns:{prefix}="{address}"' for prefix, address in NAMESPACES.items()) + ' mc:Ignorable="w14 w15"'
_ENDS_TEXT, _ENDS_ATTRIBUTE = re.compile("[&<>\r]"), re.compile('[&<>"\r\n\t]')
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def q(tag: str) -> str:
    """The full name of a tag or attribute of the main namespace, or of the one before a colon."""
    prefix, colon, name = tag.partition(":")
    return f"{{{NAMESPACES[prefix]}}}{name}" if colon else f"{{{W}}}{tag}"


def w(tag: str, *children: Xml | None, **attributes: str | int) -> Xml:
    """An element of the main namespace, as are attributes that name no other; `None` among its children is nothing."""
    given = "".join(
        [
            f' {name if ":" in name else f"w:{name}"}="{_ENDS_ATTRIBUTE.sub(_escaped, str(value))}"'
            for name, value in attributes.items()
        ]
    )
    inside = "".join([child for child in children if child is not None])
    return Xml(f"<w:{tag}{given}>{inside}</w:{tag}>" if inside else f"<w:{tag}{given}/>")


def _escaped(sign: re.Match[str]) -> str:
    return escape(sign[0]) if sign[0].isprintable() else f"&#{ord(sign[0])};"


def xml_part(tag: str, *children: Xml) -> bytes:
    """A part of a file: its outermost element with its prefix, and all that is in it."""
    inside = "".join(children)
    made = f"<{tag}{_ROOT}>{inside}</{tag}>" if inside else f"<{tag}{_ROOT}/>"
    return f"<?xml version='1.0' encoding='UTF-8' standalone='yes'?>\n{made}".encode()


def text(words: str, tag: str = "t") -> Xml:
    """Words, with every space kept; what XML cannot hold becomes the sign of a missing character."""
    return Xml(f'<w:{tag} xml:space="preserve">{_ENDS_TEXT.sub(_escaped, safe(words))}</w:{tag}>')


def safe(words: str) -> str:
    """Words for an attribute."""
    return _FORBIDDEN.sub("\ufffd", words)


def written(element: Element) -> bytes:
    """The bytes of a part that was put together from elements of lxml."""
    return etree.tostring(element, encoding="UTF-8", xml_declaration=True, standalone=True)


def value(element: Element | None, name: str = "val") -> str:
    """An attribute of an element that may not be there."""
    return "" if element is None else element.get(q(name), "")


def child(element: Element, path: str) -> Element | None:
    """What stands at a path of main-namespace tags below an element."""
    return element.find("/".join(map(q, path.split("/"))))


def children(element: Element) -> Iterator[Element]:
    """The elements inside one; comments and instructions left out."""
    return (element for element in element if isinstance(element.tag, str))
