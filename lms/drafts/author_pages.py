"""What the pages of a draft's authors show."""

from __future__ import annotations

from typing import Any

from lms.cases.author_models import CaseAuthor
from lms.cases.authors import list_authors
from lms.cases.models import Case
from lms.core.i18n import LazyString
from lms.core.i18n import lazy_gettext as _l
from lms.core.web import Actor, arg_text
from lms.drafts import forms, queries
from lms.drafts.keeping import CLOSED
from lms.drafts.models import CaseDraft
from lms.people.queries import list_known

#: People whom a search shows: more are told apart by a longer name.
FOUND = 20

SAID: dict[str, LazyString] = {
    "agree": _l("已同意署名。"),
    "decline": _l("已谢绝署名。"),
    "return": _l("您又是这篇案例的作者了。"),
}


def authors_page(actor: Actor, draft: CaseDraft, **given: Any) -> dict[str, Any]:
    """Whom the next version names, and who could be added."""
    authors, words = list_authors(draft.case), arg_text("q", 40)
    taken = {author.person_id for author in authors}
    closed = draft.case.state in CLOSED
    found = [] if closed else [one for one in list_known(actor, words, most=FOUND) if one.id not in taken]
    page: dict[str, Any] = {
        "draft": draft,
        "closed": closed,
        "authors": authors,
        "words": words,
        "found": found,
        "colleague_form": forms.ColleagueForm(formdata=None),
        "name_form": forms.NameForm(formdata=None),
    }
    return page | given


def named_page(case: Case, place: CaseAuthor) -> dict[str, Any]:
    """What somebody must know to say whether they want to be named; of what they stepped back from, nothing more."""
    stands = place.ended_at is None
    draft = queries.find_draft(case) if stands else None
    printed = case.latest_number if case.latest_number and queries.prints(case, place) else None
    return {
        "case": case,
        "place": place,
        "stands": stands,
        "title": queries.title_of(case) if stands else "",
        "draft": draft,
        "printed": printed,
        "answers": answers_to(place),
    }


def answers_to(place: CaseAuthor) -> tuple[str, ...]:
    """What may be answered as things stand."""
    if place.ended_at is not None:
        return ("return",)
    return ("decline",) if place.agreed_at is not None else ("agree", "decline")
