"""What a mentee's growth file shows of cases: those that they wrote and that the actor may read."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from lms.cases.access import readable_by
from lms.cases.author_models import CaseAuthor
from lms.cases.authors import standing
from lms.cases.models import Case, CaseVersion
from lms.core import db
from lms.core.web import Actor
from lms.people.models import Person

MOST = 50


@dataclass(frozen=True)
class Written:
    """A case in the file."""

    slug: str
    title: str
    is_public: bool
    written_at: datetime


def read(actor: Actor, person: Person) -> list[Written] | None:
    """The newest first; None leaves the part out."""
    shown = func.coalesce(Case.published_number, Case.latest_number)
    statement = (
        select(Case.slug, CaseVersion.title, Case.published_number, CaseVersion.created_at)
        .join(CaseAuthor, CaseAuthor.case_id == Case.id)
        .join(CaseVersion, (CaseVersion.case_id == Case.id) & (CaseVersion.number == shown))
        .where(CaseAuthor.person_id == person.id, standing(), readable_by(actor))
        .order_by(CaseVersion.created_at.desc(), Case.id.desc())
        .limit(MOST)
    )
    found = db.session().execute(statement).all()
    return [Written(row[0], row[1], row[2] is not None, row[3]) for row in found] or None
