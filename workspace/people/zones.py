"""The time zone of a forum: the one that is chosen, or that of its place where the place tells it."""

import re
from collections.abc import Mapping
from functools import cache

from babel import Locale
from babel.core import get_global

from drafts.text.blocks import Language
from workspace.core.errors import Invalid
from workspace.core.storage.db import Trilingual
from workspace.core.validation import known_zone
from workspace.people.validation import COUNTRY_CODE_LENGTH, country_codes_by_name, folded

_PARTS = re.compile(r"[,;·()/]|\s[-–—]\s")
_CAPITALS = (  # of countries whose other zones are small or far
    *("America/Argentina/Buenos_Aires", "America/Guayaquil", "America/Mexico_City", "America/Santiago"),
    *("Asia/Almaty", "Asia/Kuala_Lumpur", "Asia/Nicosia", "Asia/Shanghai", "Asia/Tashkent", "Asia/Ulaanbaatar"),
    *("Europe/Berlin", "Europe/Kyiv", "Europe/Lisbon", "Europe/Madrid", "Europe/Paris", "Pacific/Auckland"),
    "Pacific/Port_Moresby",
)
_SHARED = re.compile(  # names of several places, which tell nothing alone
    r"(?:san|santa|santo|sainte?|st) .+|antigua|georgi[ae]|granada|grenade|guadalupe"
    r"|la paz|lagos|montserrat|norfolk|salvador|santiago|stanley|tripoli|vienne"
)


def chosen_zone(typed: str, place: Trilingual, *, device: str = "") -> str:
    """The zone that was typed, or that of the place, or of the device. Raises `Invalid` for none that is known."""
    zone = typed.strip() or zone_of(place) or device
    if not zone:
        raise Invalid(field="timezone", reason="required")
    return known_zone(zone).key


def zone_of(place: Trilingual) -> str:
    """The zone of the country that is named in any of three languages, or of its city where that has one: that of the
    capital for most countries of several. Without a country, that of a city that ends each text and that no other
    place is named like. "" for anything else."""
    texts = [[part for words in _PARTS.split(text) if (part := folded(words))] for text in place.to_dict().values()]
    ends = {text[-1] for text in texts if text}
    parts = {part for text in texts for part in text if len(part) > COUNTRY_CODE_LENGTH}
    names, cities, zones = country_codes_by_name(), _cities(), get_global("territory_zones")
    countries = parts & names.keys()
    telling = {part for part in countries if not _SHARED.fullmatch(part)} or countries
    if telling - cities.keys() or telling & ends:
        codes = {names[part] for part in telling}
        here = {zone for code in codes for zone in zones.get(code, ())} if len(codes) == 1 else set()
        found = here & {cities[part] for part in parts - countries if part in cities}
        if not found and not any(_SHARED.fullmatch(part) for part in telling):
            found = here.intersection(_CAPITALS) or here
    else:
        certain = {*_CAPITALS, *(alone[0] for alone in zones.values() if len(alone) == 1)}
        found = {"" if _SHARED.fullmatch(end) else cities.get(end, "") for end in ends}
        found = found if found <= certain else set()
    return found.pop() if len(found) == 1 else ""


@cache
def _cities() -> Mapping[str, str]:
    """The zone of a country that is named after a city, by the name of that city."""
    known = {zone for code, zones in get_global("territory_zones").items() if code.isalpha() for zone in zones}
    named = {folded(zone.rpartition("/")[2]): zone for zone in sorted(known) if "Etc/" not in zone}
    for language in Language:
        spoken = Locale(language.value).time_zones
        named |= {folded(about["city"]): zone for zone, about in spoken.items() if zone in known and "city" in about}
    return named
