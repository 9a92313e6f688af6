"""What is open in a forum follows from all its declarations: what one has released, another does not close again."""

from tests.support import factories, site
from workspace.core.security.permissions import Phase


def test_recommendations_released_by_one_declaration_stay_open_when_another_is_begun(store):
    with store.writing() as db:
        factories.declaration(db, slug="first", phase=Phase.DRAFTING)
    with site.browser(store) as visitor:
        assert visitor.get("/en/third-forum/recommendations").status_code == 404

    with store.writing() as db:
        factories.declaration(db, slug="second", phase=Phase.PUBLISHED)
    with site.browser(store) as visitor:
        assert visitor.get("/en/third-forum/recommendations").status_code == 200

    with store.writing() as db:
        factories.declaration(db, slug="third", phase=Phase.SETUP)
    with site.browser(store) as visitor:
        assert visitor.get("/en/third-forum/recommendations").status_code == 200
