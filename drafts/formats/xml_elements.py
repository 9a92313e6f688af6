"""Elements of XML, and their type, for which lxml has no public name."""

import re
from collections.abc import Iterator

from lxml import etree
from lxml.etree import _Element

Element = _Element
W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
W14 = "http://schemas.microsoft.com/office/word/2010/wordml"
W15 = "http://schemas.microsoft.com/office/word/2012/wordml"
MC = "http://schemas.openxmlformats.org/markup-compatibility/2006"
NAMESPACES = {"w": W, "r": R, "w14": W14, "w15": W15, "mc": MC}
SPACE = "{http://www.w3.org/XML/1998/namespace}space"

_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def q(tag: str) -> str:
    """The full name of a tag or attribute of the main namespace, or of the one before a colon."""
    prefix, colon, name = tag.partition(":")
    return f"{{{NAMESPACES[prefix]}}}{name}" if colon else f"{{{W}}}{tag}"


def w(tag: str, *children: Element | None, **attributes: str | int) -> Element:
    """An element of the main namespace with its children; `None` among them is nothing."""
    made = etree.Element(f"{{{W}}}{tag}")
    for name, value in attributes.items():
        made.set(f"{{{W}}}{name}", str(value))
    made.extend([child for child in children if child is not None])
    return made


def root(tag: str, *children: Element) -> Element:
    """The outermost element of a part."""
    made = etree.Element(q(tag), {q("mc:Ignorable"): "w14 w15"}, nsmap=NAMESPACES)
    made.extend(children)
    return made


def text(words: str, tag: str = "t") -> Element:
    """Words, with every space kept; what XML cannot hold becomes the sign of a missing character."""
    made = etree.Element(q(tag), {SPACE: "preserve"})
    made.text = _FORBIDDEN.sub("\ufffd", words)
    return made


def safe(words: str) -> str:
    """Words for an attribute."""
    return _FORBIDDEN.sub("\ufffd", words)


def written(element: Element) -> bytes:
    """The bytes of a part."""
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
