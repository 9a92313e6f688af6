"""The type of an XML element, for which lxml has no public name."""

from lxml import etree

Element = etree._Element  # noqa: SLF001  (lxml gives its element no public name)
