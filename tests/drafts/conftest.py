"""What tests of writing up begin with."""

import pytest

from lms.core import db
from lms.drafts.models import CaseDraft
from tests.drafts.made import make_draft


@pytest.fixture
def draft(app, cast):
    """The number of a whole draft of Alice's."""
    return _made(app, cast)


@pytest.fixture
def make(app, cast):
    return lambda **said: _made(app, cast, **said)


def _made(app, cast, **said):
    with app.test_request_context(), db.unit_of_work(app.extensions["database"]):
        return make_draft(cast, **said).id


@pytest.fixture
def now_says(look):
    """`now_says(draft).title`: the draft as the database holds it."""
    return lambda draft_id: look(CaseDraft, draft_id)
