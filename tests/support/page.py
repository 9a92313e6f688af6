"""A page as its reader meets it: forms, fields, links, states and results, found by address, name or `data-` attribute.

Tests hold on to what a page carries for programs, and to what they themselves brought in (a name, a draft, a reason):
the program's own sentences can be worded otherwise without any test of behaviour failing.
"""

import re
from collections.abc import Iterator, Mapping

import httpx
from lxml import html

_SPACE = re.compile(r"\s+")


def text_of(element: html.HtmlElement) -> str:
    """The words inside an element, with single spaces between them."""
    return _SPACE.sub(" ", element.text_content()).strip()


class Form:
    """A form: where it leads, and what a browser would send before anybody touches it (`values`)."""

    def __init__(self, element: html.FormElement) -> None:
        self.element = element
        self.action: str = element.get("action", "")

    @property
    def values(self) -> Mapping[str, str]:
        """Hidden, chosen and preset values by name, the last of several."""
        return dict(self.element.form_values())

    @property
    def buttons(self) -> list[tuple[str, str]]:
        """Name and value of each button that sends it."""
        found = self.element.xpath(".//button[not(@type='button')] | .//input[@type='submit']")
        return [(button.get("name", ""), button.get("value", "")) for button in found]

    def options(self, name: str) -> list[str]:
        """The values that a field offers: of a select's options, or of radios and boxes."""
        return self.element.xpath(
            ".//select[@name=$name]//option/@value | .//input[@name=$name][@type='radio' or @type='checkbox']/@value",
            name=name,
        )


class Field:
    """A field by its name: what it holds, and what is wrong with it (`error`: a code, "" for a hand-made sentence)."""

    def __init__(self, page: "Page", element: html.HtmlElement) -> None:
        self.page = page
        self.element = element

    @property
    def value(self) -> str:
        return (self.element.value or "").removeprefix("\n")

    @property
    def is_wrong(self) -> bool:
        return self.element.get("aria-invalid") == "true"

    @property
    def error(self) -> str | None:
        """The code of the refusal beside it."""
        named = set(self.element.get("aria-describedby", "").split())
        found = [
            (*part.xpath(".//@data-refusal"), "")[0]
            for part in self.page.root.xpath("//*[contains(concat(' ', @class, ' '), ' error ')]")
            if part.get("id") in named
        ]
        return found[0] if found else None


class Page:
    """One answer in HTML, or a part of one (`part`, `rows`)."""

    def __init__(self, answer: httpx.Response | str | html.HtmlElement) -> None:
        if isinstance(answer, html.HtmlElement):
            self.root = answer
        else:
            source = answer if isinstance(answer, str) else answer.text
            self.root = html.fromstring(source) if source.strip() else html.Element("html")
        self.status = answer.status_code if isinstance(answer, httpx.Response) else None

    @property
    def _main(self) -> html.HtmlElement:
        return next(iter(self.root.xpath("//main")), self.root) if self.root.tag == "html" else self.root

    @property
    def who(self) -> str:
        """Whose name stands in the header."""
        [found] = self.root.xpath("//*[@class='who-name']")
        return text_of(found)

    @property
    def unread(self) -> str:
        """How many new notices the header counts; "" where there are none."""
        return "".join(text_of(found) for found in self.root.xpath("//*[contains(@class, 'unread')]"))

    @property
    def language(self) -> str:
        """The language that the whole page is in."""
        return self.root.get("lang", "")

    @property
    def count(self) -> int:
        """How many things its title tells of."""
        [found] = self._main.xpath(".//h1/@data-count")
        return int(found)

    @property
    def text(self) -> str:
        """The words of the page's own part, without header and footer. For what the test itself brought in."""
        return text_of(self._main)

    @property
    def refusals(self) -> list[str]:
        """The stable codes of what is refused here, each once: `workspace.invalid:required`."""
        return list(dict.fromkeys(self.root.xpath(".//@data-refusal")))

    @property
    def refusal(self) -> str | None:
        """The one refusal that this page tells."""
        found = self.refusals
        assert len(found) < 2, found
        return found[0] if found else None

    @property
    def result(self) -> str | None:
        """What the last form did, as the page tells once: kinds of the log, or the code of a refusal; None if nothing.

        "" is an act that the log does not know.
        """
        return next(iter(self.root.xpath("//@data-result")), None)

    @property
    def is_empty(self) -> bool:
        """Whether it says that a list has nothing in it."""
        return bool(self._main.xpath(".//*[contains(concat(' ', @class, ' '), ' empty ')][@data-empty]"))

    @property
    def notices(self) -> list[str]:
        """On the page of one's notices, what each tells: `decision`, `asked:publication`."""
        return self.data("notice")

    def has_id(self, name: str) -> bool:
        return bool(self.root.xpath(".//*[@id=$name]", name=name))

    def data(self, name: str) -> list[str]:
        """The values of an attribute `data-name`, in the order of the page."""
        return self._main.xpath(f".//@data-{name}")

    def rows(self, name: str, value: str | int | None = None) -> list["Page"]:
        """The parts that carry `data-name`, of that value if one is given."""
        found = self._main.xpath(
            f".//*[@data-{name}]" if value is None else f".//*[@data-{name}=$value]", value=str(value)
        )
        return [Page(element) for element in found]

    def part(self, name: str, value: str | int | None = None) -> "Page":
        """The one part that carries `data-name`."""
        [found] = self.rows(name, value)
        return found

    def by_id(self, name: str) -> "Page":
        [found] = self.root.xpath(".//*[@id=$name]", name=name)
        return Page(found)

    def text_of(self, name: str, value: str | int | None = None) -> str:
        """The words of the one part that carries `data-name`."""
        return self.part(name, value).text

    @property
    def quotes(self) -> list[str]:
        """What people wrote: reasons and remarks that are shown as theirs."""
        return [text_of(element) for element in self._main.xpath(".//*[contains(concat(' ', @class, ' '), ' quote ')]")]

    @property
    def is_open(self) -> bool:
        """Whether a part that can be folded (`details`) stands open."""
        return self.root.get("open") is not None

    @property
    def state(self) -> str | None:
        """What the heading says of the whole page, by its name."""
        return next(iter(self._main.xpath(".//h1/@data-state")), None)

    def headings(self, level: int) -> list[str]:
        return [text_of(element) for element in self._main.xpath(f".//h{level}")]

    def column(self, name: str) -> list[str]:
        """The cells of a table's column, by `data-column`."""
        return [row.text for row in self.rows("column", name)]

    @property
    def following(self) -> str:
        """The address of the next page of a list."""
        [found] = self._main.xpath(".//a[@rel='next']/@href")
        return found

    @property
    def links(self) -> list[str]:
        """The addresses that the page's own part leads to."""
        return self._main.xpath(".//a/@href")

    def links_to(self, ending: str) -> bool:
        """Whether a link leads to an address that ends so, whatever is asked of it after a question mark."""
        return any(re.split(r"[?#]", link)[0].endswith(ending) for link in self.links)

    @property
    def forms(self) -> list[Form]:
        return [Form(element) for element in self._main.xpath("descendant-or-self::form")]

    def forms_to(self, ending: str, **values: str) -> list[Form]:
        """The forms that lead to an address ending so and hold these values, hidden or as a button."""
        return [form for form in self.forms if form.action.endswith(ending) and _holds(form, values)]

    def form(self, ending: str, **values: str) -> Form:
        """The one form that leads to an address ending so."""
        [found] = self.forms_to(ending, **values)
        return found

    def offers_button(self, ending: str) -> bool:
        """Whether a button of a form that leads elsewhere leads there."""
        actions = self._main.xpath(".//button/@formaction")
        return any(re.split(r"[?#]", action)[0].endswith(ending) for action in actions)

    def offers(self, ending: str, **values: str) -> bool:
        """Whether a form with a button leads there: whether its reader can do that."""
        return any(form.buttons for form in self.forms_to(ending, **values))

    def has_button(self, value: str) -> bool:
        """Whether a button of this value is there, whatever form it belongs to."""
        return bool(self._main.xpath(".//button[@value=$value]", value=value))

    def field(self, name: str) -> Field:
        """The one field of this name that is not hidden; of radios and boxes the first."""
        fields = self._main.xpath(
            ".//*[self::input[not(@type='hidden')] or self::textarea or self::select][@name=$name]", name=name
        )
        return Field(self, fields[0])

    def has_field(self, name: str) -> bool:
        return bool(self._main.xpath(".//*[self::input or self::textarea or self::select][@name=$name]", name=name))

    def __iter__(self) -> Iterator["Page"]:
        return (Page(child) for child in self._main)


def _holds(form: Form, values: Mapping[str, str]) -> bool:
    held = {*form.element.form_values(), *form.buttons}
    return all((name, value) in held for name, value in values.items())
