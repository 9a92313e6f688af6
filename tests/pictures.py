"""The pictures of the guide and of the README, taken of the demonstration: `python -m tests.pictures` makes them anew.

Each of the guide is 1200 by 750, light, in the language of the pages that show it, and stays below `MOST_BYTES`.
"""

import base64
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from tests.support.served import served
from workspace import registration
from workspace.app import create_app
from workspace.core.settings import Settings
from workspace.core.storage.db import Store
from workspace.core.storage.schema import migrate
from workspace.demo.story import PRACTICE, Demonstration
from workspace.paths import STATIC
from workspace.people.service import load_actor
from workspace.serving import personas_of
from workspace.web.i18n.messages import LANGUAGES

WIDTH, HEIGHT = 1200, 750
FRONT = Path(__file__).parents[1] / "docs" / "reading.png"
MOST_BYTES = 60_000
QUALITIES = (80, 65, 50, 35)
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-sync", "--no-first-run"]
CHAIR, MEMBER, TRANSLATOR, RAPPORTEUR = "Lezcano", "Urbina", "Vasseur", "Montalb"
AUTHORS = {"es": "Urbina", "en": "Pell", "fr": "Sarr"}  # what one of them begins is not seen by the others
WORDS = {
    "es": " Publicaremos cada año lo que se mida.",
    "en": " We will publish every year what is measured.",
    "fr": " Nous publierons chaque année ce qui est mesuré.",
}
NOTES = {
    "es": """Sesión: Mercados de noche

Fecha: 20 de mayo de 2027, 17:00 a 19:00 (UTC-3)
Lugar: Mercado Central, Paso del Farol
Moderación: Elías Montalbán (Intendencia de Paso del Farol)
Ponentes: Yolanda Cifuentes (Alcaldía de Peñaclara); Marcus Pell (Harrowmere)

Resumen

Se habló de horarios, limpieza y ruido.

Recomendaciones

1. Acordar con el vecindario los horarios de cada mercado antes de 2028.
2. Reservar una parte de los puestos a quienes cultivan en la región.
3. Publicar cada año las mediciones de ruido.
""",
    "en": """Session: Night markets

Date: 21 May 2027, 17:00 to 19:00 (UTC-3)
Place: Central Market, Paso del Farol
Moderator: Elías Montalbán (Paso del Farol)
Speakers: Yolanda Cifuentes (Peñaclara); Marcus Pell (Harrowmere City Council)

Summary

Hours, cleaning and noise were discussed.

Recommendations

1. Agree with residents on the hours of each market before 2028.
2. Keep a part of the stalls for those who grow food in the region.
3. Publish the measurements of noise every year.
""",
    "fr": """Séance : Marchés de nuit

Date : 22 mai 2027, 17:00 à 19:00 (UTC-3)
Lieu : Marché central, Paso del Farol
Modération : Elías Montalbán (Paso del Farol)
Intervenants : Yolanda Cifuentes (Peñaclara) ; Marcus Pell (Harrowmere)

Résumé

On a parlé d’horaires, de propreté et de bruit.

Recommandations

1. Convenir avec les riverains des horaires de chaque marché avant 2028.
2. Réserver une partie des étals à ceux qui cultivent dans la région.
3. Publier chaque année les mesures du bruit.
""",
}


@dataclass(frozen=True, slots=True)
class Picture:
    """A page as somebody sees it. `path` follows the language and the forum; `ready` brings it to what is shown.

    `who` is one for all languages, or one for each.
    """

    name: str
    who: str | Mapping[str, str]
    path: str
    ready: Callable[[Page], None]


def _as_it_is(page: Page) -> None:
    page.wait_for_timeout(300)


def _write(page: Page) -> None:
    """Open the form of a paragraph in the language of the page, and change its words a little."""
    language = _language(page)
    block = (page.locator("article.para").nth(13).get_attribute("id") or "").removeprefix("b-")
    page.goto(f"{urlsplit(page.url).path}/amendments/new?block={block}&text={language}&fresh=yes")
    page.locator(".rich .editor").first.click()
    page.keyboard.press("Control+End")
    page.keyboard.type(WORDS[language])
    page.wait_for_timeout(800)
    page.evaluate("scrollTo(0, 250)")
    page.wait_for_timeout(200)


def _bring_in(page: Page) -> None:
    """Bring in a note in the language of the page, and open what was read from it."""
    note = NOTES[_language(page)]
    title = note.partition("\n")[0].rpartition(": ")[2]
    file = {"name": f"{title}.txt", "mimeType": "text/plain", "buffer": note.encode()}
    page.locator("#files").set_input_files([file])
    page.locator("form:has(#files) button.btn-primary").first.click()
    _first("main a.btn[href*='/sessions/documents/']")(page)


def _language(page: Page) -> str:
    return page.locator("html").get_attribute("lang") or "en"


def _first(selector: str) -> Callable[[Page], None]:
    def ready(page: Page) -> None:
        page.goto(page.locator(selector).first.get_attribute("href") or "")
        page.wait_for_timeout(300)

    return ready


STALE = "li:has-text('Decidimos elaborar') a.queue-name[href$='/fr']"  # a paragraph whose original has changed
PICTURES = (
    Picture("home", CHAIR, "", _as_it_is),
    Picture("reading", MEMBER, f"/{PRACTICE}?text=es,en,fr", _as_it_is),
    Picture("amend", AUTHORS, f"/{PRACTICE}", _write),
    Picture("desk", CHAIR, f"/{PRACTICE}/desk?amendment=11", _as_it_is),
    Picture("translate", TRANSLATOR, f"/{PRACTICE}/translation", _first(STALE)),
    Picture("readiness", CHAIR, f"/{PRACTICE}/readiness", _as_it_is),
    Picture("review", RAPPORTEUR, "/sessions", _bring_in),  # the last, because the others show the forum without it
)


@contextmanager
def demonstration(folder: Path, *, is_whole: bool = False) -> Iterator[tuple[str, str]]:
    """The demonstration's forum with a draft half-way, served on loopback: its address, and the forum's.

    `is_whole` with its published declaration, too.
    """
    store = Store(Settings.for_file(folder / "workspace.sqlite3"))
    migrate(store)
    story = Demonstration(store)
    for step in (story.found, story.take_notes_in, story.settle_recommendations):
        step()
    if is_whole:
        way = story.declaring()
        for step in (way.draft, way.comment, way.amend, lambda: list(way.decide()), way.publish):
            step()
    story.leave_practice()
    app = create_app(store, personas=personas_of(store, story.slug), load_actor=load_actor)
    with served(app, store) as address:
        yield address, story.slug
    store.close()


def take(browser: Browser, address: str, forum: str, folder: Path = STATIC / "help") -> dict[str, int]:
    """Take every picture in every language; answers with how many bytes each has."""
    sizes = {}
    for picture in PICTURES:
        for language in LANGUAGES:
            with browser.new_context(viewport={"width": WIDTH, "height": HEIGHT}, base_url=address) as context:
                who = picture.who if isinstance(picture.who, str) else picture.who[language]
                content = _taken(context, who, f"/{language}/{forum}{picture.path}", picture)
            target = folder / language / f"{picture.name}.webp"
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(content)
            sizes[f"{language}/{picture.name}"] = len(content)
    return sizes


def take_front(browser: Browser, address: str, forum: str, path: Path = FRONT) -> None:
    """Take the picture of the README: the draft in three languages, as the chair sees it."""
    with browser.new_context(viewport={"width": 1440, "height": 900}, base_url=address) as context:
        page = page_of(context, CHAIR)
        page.goto(f"/en/{forum}/{PRACTICE}?text=es,en,fr")
        _as_it_is(page)
        page.screenshot(path=path)


def page_of(context: BrowserContext, who: str) -> Page:
    """A page in the hands of one of the people."""
    page = context.new_page()
    page.goto("/en")
    persona = page.locator(f"#personas button:has-text('{who}')").first.get_attribute("value") or ""
    context.add_cookies([{"name": "persona", "value": persona, "url": page.url}])
    return page


def _taken(context: BrowserContext, who: str, path: str, picture: Picture) -> bytes:
    page = page_of(context, who)
    page.goto(path)
    picture.ready(page)
    browser = context.new_cdp_session(page)
    for quality in QUALITIES:
        said = browser.send("Page.captureScreenshot", {"format": "webp", "quality": quality})
        content = base64.b64decode(said["data"])
        if len(content) <= MOST_BYTES:
            return content
    raise SystemExit(f"The picture {picture.name} has {len(content)} bytes, however coarse it is.")


def main() -> None:
    """Make every picture of the guide anew."""
    registration.install()
    path = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    with (
        tempfile.TemporaryDirectory() as folder,
        demonstration(Path(folder)) as (address, forum),
        sync_playwright() as playwright,
    ):
        browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
        take_front(browser, address, forum)
        sizes = take(browser, address, forum)
    for name, size in sizes.items():
        sys.stdout.write(f"{name}: {size} bytes\n")


if __name__ == "__main__":
    main()
