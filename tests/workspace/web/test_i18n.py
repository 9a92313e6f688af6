"""Which language a reader gets, and how each language writes dates, numbers and lists."""

from datetime import UTC, date, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest

from drafts.text.blocks import Language
from workspace.web.i18n import messages as i18n
from workspace.web.i18n.messages import messages

ES, EN, FR = (messages(language) for language in i18n.LANGUAGES)
NARROW, HARD = "\u202f", "\u00a0"


@pytest.mark.parametrize(
    ("said", "day", "written"),
    [
        (ES, date(2026, 6, 24), "24 de junio de 2026"),
        (EN, date(2026, 6, 24), "24 June 2026"),
        (FR, date(2026, 6, 24), "24 juin 2026"),
        (FR, date(2026, 7, 1), "1er juillet 2026"),
        (FR, date(2026, 7, 11), "11 juillet 2026"),
        (FR, date(2026, 7, 31), "31 juillet 2026"),
        (ES, date(2026, 7, 1), "1 de julio de 2026"),
    ],
)
def test_a_date_is_written_as_its_language_does(said, day, written):
    assert said.date(day) == written


def test_the_first_of_a_month_is_ordinal_in_french_with_its_weekday_too():
    assert FR.date(date(2026, 7, 1), "full") == "mercredi 1er juillet 2026"


@pytest.mark.parametrize(
    ("minutes", "written"), [(0, "UTC"), (-180, "UTC−3"), (330, "UTC+5:30"), (-210, "UTC−3:30"), (60, "UTC+1")]
)
def test_an_offset_is_written_with_a_true_minus_and_without_useless_zeros(minutes, written):
    assert EN.offset(datetime(2026, 1, 1, tzinfo=timezone(timedelta(minutes=minutes)))) == written


def test_a_moment_is_told_in_the_readers_zone_with_its_offset():
    closing = datetime(2026, 11, 20, 21, 0, tzinfo=UTC)
    assert EN.moment(closing, ZoneInfo("Europe/Madrid")) == "20 November 2026, 22:00 (UTC+1)"
    assert ES.moment(closing) == "20 de noviembre de 2026, 21:00 (UTC)"


def test_a_moment_without_offset_is_refused():
    with pytest.raises(ValueError, match="offset"):
        EN.moment(datetime(2026, 1, 1))  # noqa: DTZ001  (the point of the test)


@pytest.mark.parametrize(
    ("said", "value", "written"),
    [
        (ES, 1234, "1234"),
        (ES, 12345, f"12{NARROW}345"),
        (ES, -12345.5, f"-12{NARROW}345,5"),
        (EN, 12345.5, "12,345.5"),
        (FR, 1234.5, f"1{NARROW}234,5"),
    ],
)
def test_a_number_is_grouped_as_its_language_does(said, value, written):
    assert said.number(value) == written


@pytest.mark.parametrize(("said", "written"), [(ES, f"4{HARD}%"), (EN, "4%"), (FR, f"4{HARD}%")])
def test_a_percentage_keeps_its_sign_on_the_same_line(said, written):
    assert said.percent(0.04) == written


@pytest.mark.parametrize(
    ("names", "style", "written"),
    [
        (["España", "Francia"], "standard", "España y Francia"),
        (["España", "Italia"], "standard", "España e Italia"),
        (["Perú", "España", "Índigo"], "standard", "Perú, España e Índigo"),
        (["agua", "hielo"], "standard", "agua y hielo"),
        (["padres", "hijos"], "standard", "padres e hijos"),
        (["siete", "ocho"], "or", "siete u ocho"),
        (["Italia", "Francia"], "or", "Italia o Francia"),
        (["Italia"], "standard", "Italia"),
        ([], "standard", ""),
    ],
)
def test_a_spanish_list_changes_its_conjunction_before_the_same_sound(names, style, written):
    assert ES.listed(names, style) == written


def test_lists_in_english_and_french():
    assert EN.listed(["shade", "water", "seats"]) == "shade, water and seats"
    assert FR.listed(["ombre", "eau", "bancs"]) == "ombre, eau et bancs"


def test_languages_are_named_in_the_case_their_language_uses():
    assert [ES.language_name("fr"), EN.language_name("fr"), FR.language_name(Language.FR)] == [
        "francés",
        "French",
        "français",
    ]


@pytest.mark.parametrize(
    ("header", "language"),
    [
        ("fr-CA,fr;q=0.9,en;q=0.8", "fr"),
        ("en;q=0.3, es-AR;q=0.9", "es"),
        ("de, pt;q=0.9", "en"),
        ("de, fr;q=0.1", "fr"),
        ("es;q=0, fr", "fr"),
        ("", "en"),
        ("*", "en"),
        (";;;q=,=,", "en"),
        ("es;q=2", "es"),
        ("x" * 100_000, "en"),
    ],
)
def test_a_browsers_languages_choose_the_interface(header, language):
    assert i18n.negotiated(header) == language


@pytest.mark.parametrize(
    ("wanted", "languages"),
    [
        ("es,fr", ["es", "fr"]),
        ("fr,es,fr", ["fr", "es"]),
        ("de,en", ["en"]),
        ("", ["es"]),
        (None, ["es"]),
        ("x", ["es"]),
    ],
)
def test_the_address_chooses_the_languages_of_the_text(wanted, languages):
    assert i18n.text_languages(wanted, otherwise=[Language.ES]) == tuple(languages)


def test_a_message_is_said_in_each_language_with_its_values():
    assert ES.gettext("You are now %(name)s.", name="Marta") == "Ahora usted es Marta."
    assert EN.gettext("You are now %(name)s.", name="Marta") == "You are now Marta."
    assert FR.gettext("You are now %(name)s.", name="Marta") == "Vous êtes maintenant Marta."


@pytest.mark.parametrize(
    ("language", "first", "last", "expected"),
    [
        (ES, date(2027, 6, 10), date(2027, 6, 12), "10–12 de junio de 2027"),
        (EN, date(2027, 6, 10), date(2027, 6, 12), "10–12 June 2027"),
        (FR, date(2027, 6, 1), date(2027, 6, 3), "1er–3 juin 2027"),
        (FR, date(2027, 6, 30), date(2027, 7, 1), "30 juin 2027 – 1er juillet 2027"),
        (EN, date(2027, 6, 10), date(2027, 6, 10), "10 June 2027"),
    ],
)
def test_days_that_follow_one_another_name_their_month_once(language, first, last, expected):
    assert language.days(first, last) == expected


@pytest.mark.parametrize("said", [ES, EN, FR])
def test_none_is_never_told_as_one(said):
    one, many = "One word inserted,", "%(n)s words inserted,"
    assert [said.ngettext(one, many, n)[0] for n in (0, 2)] == ["0", "2"]
    assert said.ngettext(one, many, 1)[0] not in "02"


@pytest.mark.parametrize(
    ("zone", "cities"),
    [
        ("America/Mexico_City", ("Ciudad de México", "Mexico City", "Mexico")),
        ("America/Argentina/Buenos_Aires", ("Buenos Aires",) * 3),
        ("UTC", ("UTC",) * 3),
    ],
)
def test_a_zone_is_told_by_its_city(zone, cities):
    assert tuple(said.city(ZoneInfo(zone)) for said in (ES, EN, FR)) == cities
