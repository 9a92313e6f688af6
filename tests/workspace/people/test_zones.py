"""A forum has the time zone that was chosen, or that of its place; none is taken silently."""

import pytest

from tests.support import factories
from workspace.core.actor import OPERATOR
from workspace.core.errors import Invalid
from workspace.core.storage.db import Trilingual
from workspace.people.service import PeopleService
from workspace.people.zones import zone_of


@pytest.mark.parametrize(
    ("place", "zone"),
    [
        ("Bilbao, España", "Europe/Madrid"),
        ("Palacio de Congresos, Madrid", "Europe/Madrid"),
        ("Ciudad de México", "America/Mexico_City"),
        ("Guadalajara (México)", "America/Mexico_City"),
        ("Genève – Suisse", "Europe/Zurich"),
        ("Córdoba, España", "Europe/Madrid"),
        ("New York, USA", "America/New_York"),
        ("Saint-Louis (Sénégal)", "Africa/Dakar"),
        ("Santiago de Compostela", ""),
        ("Miami, Estados Unidos", ""),
        ("Villa Clara", ""),
        ("Granada, España", "Europe/Madrid"),
        ("Granada (España)", "Europe/Madrid"),
        ("Guadalupe, España", "Europe/Madrid"),
        ("Luxembourg, Belgique", ""),
        ("Guadeloupe, France", ""),
        ("Cancún, México", "America/Cancun"),
        ("Tiflis, Georgia", "Asia/Tbilisi"),
        ("Panamá", "America/Panama"),
        ("Granada", ""),
        ("Atlanta, Georgia", ""),
        ("Rome, Georgia", ""),
        ("Paris, Texas", ""),
        ("Jamaica, New York", ""),
        ("España, Suiza", ""),
        ("Bali, Indonesia", ""),
        ("Santiago", ""),
        ("Córdoba", ""),
        ("Mérida", ""),
        ("La Rioja", ""),
        ("Central", ""),
        ("East", ""),
        ("Victoria", ""),
        ("", ""),
    ],
)
def test_the_place_tells_the_zone_where_it_is_certain(place: str, zone: str):
    assert zone_of(Trilingual(es=place)) == zone


def test_a_forum_without_a_zone_has_that_of_its_place_or_is_refused(store):
    with store.writing() as db:
        found = PeopleService(db).found
        names = {"network": factories.trilingual("N"), "name": factories.trilingual("F"), "actor": OPERATOR}
        there = found(slug="there", place=Trilingual(fr="Genève, Suisse"), **names)
        assert there.timezone == "Europe/Zurich"
        for unclear in ("Ici", "Granada"):
            with pytest.raises(Invalid) as refusal:
                found(slug="nowhere", place=Trilingual(fr=unclear), **names)
            assert refusal.value.facts == {"field": "timezone", "reason": "required"}
