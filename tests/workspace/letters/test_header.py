"""Pages of the whole forum that stand below the declarations lead to its declaration all the same."""

import pytest

from tests.support import factories
from tests.workspace.amendments.browsing import browsing
from workspace.core.actor import Role
from workspace.core.security.permissions import Phase


@pytest.mark.parametrize(
    ("page", "role"),
    [("letters", Role.SECRETARIAT), ("erasures", Role.ADMIN), ("break-glass", Role.CHAIR)],
)
def test_the_header_leads_to_the_text(store, page, role):
    with store.writing() as db:
        made = factories.declaration(db, slug="water", phase=Phase.CONSULTATION)
        somebody = factories.person(db, role)
        at = f"/en/{made.forum.slug}"
    with browsing(store, somebody) as reader:
        answer = reader.see(f"{at}/{page}")
        assert answer.status_code == 200
        assert f'href="{at}/water"' in answer.text
