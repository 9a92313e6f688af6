"""Somebody at work in Word: a file changed the way word processors change files, with or without tracking."""

import io
import zipfile
from collections.abc import Callable, Iterator
from copy import deepcopy

from lxml import etree

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
XML_SPACE = "{http://www.w3.org/XML/1998/namespace}space"
DATE = "2027-05-20T10:00:00Z"
_COMMENTS = "word/comments.xml"


def w(tag: str) -> str:
    return f"{{{W}}}{tag}"


def el(tag: str, *children: etree._Element, text: str = "", **attributes: str) -> etree._Element:
    made = etree.Element(w(tag), {w(name.rstrip("_")): value for name, value in attributes.items()})
    made.extend(children)
    if text:
        made.text = text
        made.set(XML_SPACE, "preserve")
    return made


def archive(parts: dict[str, bytes]) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as file:
        for name, data in parts.items():
            file.writestr(name, data)
    return made.getvalue()


class InWord:
    """A file that is open; `author` tracks changes unless it is empty."""

    def __init__(self, data: bytes, author: str = "Ana Ruiz", date: str = DATE) -> None:
        with zipfile.ZipFile(io.BytesIO(data)) as file:
            self.parts = {name: file.read(name) for name in file.namelist()}
        self.document = etree.fromstring(self.parts["word/document.xml"])
        self.author, self.date = author, date
        self._id = 9000

    def save(self) -> bytes:
        self.parts["word/document.xml"] = etree.tostring(self.document, xml_declaration=True, encoding="UTF-8")
        return archive(self.parts)

    # Finding

    def paragraphs(self) -> list[etree._Element]:
        return list(self.document.iter(w("p")))

    def paragraph(self, words: str) -> etree._Element:
        return next(one for one in self.paragraphs() if words in said(one))

    # Changing

    def replace(self, old: str, new: str) -> "InWord":
        """Put other words in the place of some; an empty `new` deletes them."""
        first, last = self._isolated(old)
        if new:
            run = _run_like(first, new)
            last.addnext(self._changed("ins", run) if self.author else run)
        for between in _between(first, last):
            self._deleted(between)
        if new and not self.author:
            _lift(run)
        return self

    def insert(self, after: str, new: str) -> "InWord":
        """Put words right after others."""
        _, last = self._isolated(after)
        run = _run_like(last, new)
        last.addnext(self._changed("ins", run) if self.author else run)
        if not self.author:
            _lift(run)
        return self

    def embolden(self, words: str) -> "InWord":
        for run in _between(*self._isolated(words)):
            properties = run.find(w("rPr"))
            if properties is None:
                properties = el("rPr")
                run.insert(0, properties)
            old = deepcopy(properties)
            properties.append(el("b"))
            if self.author:
                properties.append(self._mark("rPrChange", old))
        return self

    def delete_paragraph(self, words: str) -> "InWord":
        paragraph = self.paragraph(words)
        if not self.author:
            paragraph.getparent().remove(paragraph)
            return self
        for run in list(paragraph.iter(w("r"))):
            self._deleted(run)
        self._mark_end(paragraph, "del")
        return self

    def add_paragraph(self, after: str, words: str) -> "InWord":
        """Go to the end of a paragraph, press Enter and write: Word marks the end of the paragraph before as new."""
        paragraph = self.paragraph(after)
        run = el("r", el("t", text=words))
        new = el("p", deepcopy(paragraph.find(w("pPr"))), self._changed("ins", run) if self.author else run)
        paragraph.addnext(new)
        self._begin_end(paragraph)
        return self

    def split(self, before: str) -> "InWord":
        """Press Enter in front of some words."""
        paragraph = self.paragraph(before)
        first, _ = self._isolated(before)
        new = el("p", deepcopy(paragraph.find(w("pPr"))))
        paragraph.addnext(new)
        top = first
        while (around := top.getparent()) is not paragraph:
            rest = etree.Element(around.tag, around.attrib)
            rest.extend([top, *top.itersiblings()])
            around.addnext(rest)
            top = rest
        for one in [top, *top.itersiblings()]:
            new.append(one)
        self._begin_end(paragraph)
        return self

    def join(self, words: str) -> "InWord":
        """Delete the end of a paragraph, so that the next one becomes part of it."""
        self._mark_end(self.paragraph(words), "del")
        return self

    def move(self, words: str, after: str) -> "InWord":
        """Drag a paragraph to another place, as Word tracks it: a pair of places with one name."""
        source, target = self.paragraph(words), self.paragraph(after)
        copy = el("p", deepcopy(source.find(w("pPr"))))
        text = said(source)
        name = f"move{self._next()}"
        for paragraph, tag in ((source, "moveFrom"), (copy, "moveTo")):
            number = self._next()
            runs = list(paragraph.iter(w("r"))) or [el("r", el("t", text=text))]
            start = el(f"{tag}RangeStart", id=number, name=name, author=self.author, date=self.date)
            paragraph.insert(1, start)
            for run in runs:
                if run.getparent() is None:
                    paragraph.append(run)
                run.getparent().replace(run, wrapper := self._mark(tag))
                wrapper.append(run)
            paragraph.append(el(f"{tag}RangeEnd", id=number))
            self._mark_end(paragraph, tag)
        target.addnext(copy)
        return self

    def comment(self, words: str, text: str, *, to: str = "", author: str = "") -> "InWord":
        """Comment on some words; `to` names by its text the comment that this one answers."""
        number = self._next()
        if _COMMENTS not in self.parts:
            self._begin_comments()
        part = etree.fromstring(self.parts[_COMMENTS])
        namespace = "http://schemas.microsoft.com/office/word/2010/wordml"
        paragraph = el("p", el("r", el("t", text=text)))
        paragraph.set(f"{{{namespace}}}paraId", f"0000{int(number):04X}")
        answered = next((one for one in part if to and to in said(one)), None)
        part.append(el("comment", paragraph, id=number, author=author or self.author, date=self.date))
        self.parts[_COMMENTS] = etree.tostring(part)
        first, last = self._isolated(words)
        first.addprevious(el("commentRangeStart", id=number))
        last.addnext(el("r", el("commentReference", id=number)))
        last.addnext(el("commentRangeEnd", id=number))
        if answered is not None:
            self._answers(paragraph.get(f"{{{namespace}}}paraId"), list(answered)[-1].get(f"{{{namespace}}}paraId"))
        return self

    # What editors do to files

    def without_marks(self) -> "InWord":
        """An editor that keeps neither bookmarks nor parts of others."""
        for tag in ("bookmarkStart", "bookmarkEnd"):
            for one in list(self.document.iter(w(tag))):
                one.getparent().remove(one)
        self.parts = {name: data for name, data in self.parts.items() if not name.startswith("customXml/")}
        return self

    def in_pieces(self) -> "InWord":
        """Word after weeks of work: every word a run of its own, with the ids of its sessions."""
        for run in list(self.document.iter(w("r"))):
            words = run.find(w("t"))
            if words is None or not (words.text or ""):
                continue
            pieces = [piece for piece in (words.text or "").replace(" ", " \0").split("\0") if piece]
            for number, piece in enumerate(pieces):
                made = _run_like(run, piece)
                made.set(w("rsidR"), f"00A{number % 10}B{number % 7}C1")
                run.addprevious(made)
            run.getparent().remove(run)
        return self

    def settled(self, *, accept: bool) -> "InWord":
        """All changes accepted, or all rejected, as somebody does who dislikes the colours."""
        kept, dropped = (("ins", "moveTo"), ("del", "moveFrom")) if accept else (("del", "moveFrom"), ("ins", "moveTo"))
        for paragraph in self.paragraphs():
            end = paragraph.find(f"{w('pPr')}/{w('rPr')}")
            gone = end is not None and any(end.find(w(tag)) is not None for tag in dropped)
            if gone and paragraph.getparent() is not None:
                following = paragraph.getnext()
                inside = [one for one in paragraph if one.tag not in {w("pPr"), *map(w, dropped)}]
                if any(said(one) for one in inside) and following is not None:
                    for offset, one in enumerate(inside):
                        following.insert(1 + offset, one)
                paragraph.getparent().remove(paragraph)
        self._settle_runs(kept, dropped)
        return self

    def _settle_runs(self, kept: tuple[str, str], dropped: tuple[str, str]) -> None:
        for tag in dropped:
            for one in list(self.document.iter(w(tag))):
                one.getparent().remove(one)
        for tag in (*kept, "moveFromRangeStart", "moveFromRangeEnd", "moveToRangeStart", "moveToRangeEnd"):
            for one in list(self.document.iter(w(tag))):
                for inside in list(one):
                    one.addprevious(inside)
                one.getparent().remove(one)
        for one in list(self.document.iter(w("delText"))):
            one.tag = w("t")

    def edit(self, change: Callable[[etree._Element], None]) -> "InWord":
        """Anything else that is done to the XML."""
        change(self.document)
        return self

    # Inside

    def _isolated(self, words: str) -> tuple[etree._Element, etree._Element]:
        """The first and the last run that hold exactly these words, cut apart where needed."""
        paragraph = self.paragraph(words)
        runs = [run for run in paragraph.iter(w("r")) if run.find(w("t")) is not None]
        start = "".join(run.find(w("t")).text or "" for run in runs).index(words)
        end = start + len(words)
        at = 0
        found = []
        for run in runs:
            text = run.find(w("t")).text or ""
            low, high = max(start - at, 0), min(end - at, len(text))
            if low < high:
                if text[:low]:
                    run.addprevious(_run_like(run, text[:low]))
                if text[high:]:
                    run.addnext(_run_like(run, text[high:]))
                run.find(w("t")).text = text[low:high]
                run.find(w("t")).set(XML_SPACE, "preserve")
                found.append(run)
            at += len(text)
        return found[0], found[-1]

    def _deleted(self, run: etree._Element) -> None:
        parent = run.getparent()
        if not self.author or (parent.tag == w("ins") and parent.get(w("author")) == self.author):
            parent.remove(run)
        else:
            wrapper = self._mark("del")
            parent.replace(run, wrapper)
            wrapper.append(run)
            for text in run.iter(w("t")):
                text.tag = w("delText")

    def _changed(self, tag: str, run: etree._Element) -> etree._Element:
        return self._mark(tag, run)

    def _mark(self, tag: str, *inside: etree._Element) -> etree._Element:
        return el(tag, *inside, id=self._next(), author=self.author, date=self.date)

    def _begin_end(self, paragraph: etree._Element) -> None:
        """The end that stood here is that of the paragraph after it now, whoever inserted it."""
        for looks in paragraph.findall(f"{w('pPr')}/{w('rPr')}"):
            for inserted in looks.findall(w("ins")):
                looks.remove(inserted)
        if self.author:
            self._mark_end(paragraph, "ins")

    def _mark_end(self, paragraph: etree._Element, tag: str) -> None:
        properties = paragraph.find(w("pPr"))
        if properties is None:
            properties = el("pPr")
            paragraph.insert(0, properties)
        looks = properties.find(w("rPr"))
        if looks is None:
            looks = el("rPr")
            properties.append(looks)
        looks.insert(0, self._mark(tag))

    def _next(self) -> str:
        self._id += 1
        return str(self._id)

    def _begin_comments(self) -> None:
        self.parts[_COMMENTS] = etree.tostring(etree.Element(w("comments"), nsmap={"w": W}))
        name = "word/_rels/document.xml.rels"
        relations = etree.fromstring(self.parts[name])
        one = etree.SubElement(relations, relations.tag.replace("Relationships", "Relationship"))
        one.attrib.update({"Id": "own1", "Type": f"{R}/comments", "Target": "comments.xml"})
        self.parts[name] = etree.tostring(relations)

    def _answers(self, paragraph_id: str | None, parent_id: str | None) -> None:
        namespace = "http://schemas.microsoft.com/office/word/2012/wordml"
        name = "word/commentsExtended.xml"
        part = etree.fromstring(self.parts.get(name, f'<e:commentsEx xmlns:e="{namespace}"/>'.encode()))
        one = etree.SubElement(part, f"{{{namespace}}}commentEx")
        one.set(f"{{{namespace}}}paraId", paragraph_id or "")
        one.set(f"{{{namespace}}}paraIdParent", parent_id or "")
        self.parts[name] = etree.tostring(part)


def said(element: etree._Element) -> str:
    return "".join(one.text or "" for one in element.iter(w("t")))


def _lift(run: etree._Element) -> None:
    """Take a run out of the insertion around it, as a word processor writes what is typed while tracking is off."""
    around = run.getparent()
    if around.tag == w("ins"):
        after = deepcopy(around)
        after[:] = list(run.itersiblings())
        around.addnext(run)
        if len(after):
            run.addnext(after)


def _run_like(run: etree._Element, text: str) -> etree._Element:
    made = el("r", el("t", text=text))
    properties = run.find(w("rPr"))
    if properties is not None:
        made.insert(0, deepcopy(properties))
    return made


def _between(first: etree._Element, last: etree._Element) -> Iterator[etree._Element]:
    """The runs from one to another, in the order of the document."""
    root = first.getroottree().getroot()
    runs = list(root.iter(w("r")))
    yield from runs[runs.index(first) : runs.index(last) + 1]
