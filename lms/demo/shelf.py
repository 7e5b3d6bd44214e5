"""The case library of the demonstration: the starter methods and cases, and what became of one of them."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path

from sqlalchemy import select

from lms.cases import access, comments, library, loading, uses
from lms.cases import actions as cases
from lms.cases.loading import Outcome
from lms.cases.models import Case
from lms.core import db
from lms.core.errors import Refused
from lms.core.i18n import lazy_gettext as _l
from lms.core.web import Actor
from lms.people.models import Person
from lms.units.models import Unit

#: Whose the starter cases are (from the city up there is a pool of resources), and who gave one of them a label.
LIBRARIAN, COUNTY = "9901", "990101"
LABEL = "清河区优秀案例"
#: Who works as a case describes: a colleague and the community, how it went, whom to ask.
USES = (
    ("c3", "990101001002", "两个楼道照着谈了三个月，一个谈成了，一个还在谈。", "新华社区办公室"),
    ("o3", "990102001002", "先在一栋楼试，把“一次只谈一件事”用起来最见效。", "码头社区居委会"),
)
COMMENTS = (("c5", "990101001003", "不愿意坐下来谈的那一户，后来是谁去请的？"),)


def build(
    shelf: Path, places: Mapping[str, Unit], people: Mapping[str, Person], *, actor: Actor, now: datetime
) -> None:
    """The library as the city's; where it is new, with its first readers."""
    reading = library.read_library(shelf)
    if reading.errors and (reading.cases or reading.methods):
        raise Refused(_l("案例库有问题，请用 lms cases check 查看。"))
    loaded = loading.load_all(reading, unit=places[LIBRARIAN], actor=actor, now=now)
    new = [one.slug for one in loaded if one.outcome is Outcome.CREATED]
    case = _first(new)
    if case is not None:
        _live(case, places, people, actor=actor, now=now)


def _first(slugs: Sequence[str]) -> Case | None:
    return db.session().scalars(select(Case).where(Case.slug.in_(slugs)).order_by(Case.id.desc()).limit(1)).first()


def _live(case: Case, places: Mapping[str, Unit], people: Mapping[str, Person], *, actor: Actor, now: datetime) -> None:
    version = access.get_version(actor, case)
    cases.award_label(case, version, unit=places[COUNTY], name=LABEL, actor=actor, now=now)
    for key, code, sentence, contact in USES:
        uses.note_use(case, sentence=sentence, contact=contact, actor=_reader(people[key], places[code]), now=now)
    for key, code, text in COMMENTS:
        comments.write_comment(case, text=text, actor=_reader(people[key], places[code]), now=now)


def _reader(person: Person, unit: Unit) -> Actor:
    return Actor(person.id, None, person.name, unit.id, unit.path, unit.name, homes=(unit.path,))
