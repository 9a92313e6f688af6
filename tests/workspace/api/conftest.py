"""A place to knock at."""

import pytest

from tests.workspace.api.knocking import Place, furnished
from tests.workspace.house import House


@pytest.fixture
def place(house: House) -> Place:
    return furnished(house)


@pytest.fixture
def document(house: House):
    answer = house.nobody.get("/openapi.json")
    assert answer.status_code == 200
    return answer.json()
