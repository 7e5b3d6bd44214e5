"""The order of lists is that of the boards: by code, those without one last, by age; whatever was added or moved."""

import random

from sqlalchemy import func, select

from lms.core import db
from lms.core.sql import within
from lms.units import actions
from lms.units.models import Level, Unit
from lms.units.queries import list_children
from tests.cast import SYSTEM, Cast
from tests.units.test_changing import NOW


def in_order(unit: Unit) -> list[int]:
    """The unit and all below it, as somebody who opens one board after the other meets them."""
    return [unit.id, *(one for child in list_children(unit) for one in in_order(child))]


def test_places_order_the_tree_as_its_boards_do(work, cast: Cast) -> None:
    dice, codes = random.Random(4), iter(random.Random(5).sample(range(10**7, 10**8), 40))
    streets = [cast.street, cast.riverside, cast.other_street]
    for number in range(24):
        parent = work.get_one(Unit, dice.choice(streets))
        code = None if number % 3 == 0 else str(next(codes)) + "9" * dice.randrange(3)
        actions.add(parent=parent, level=Level.COMMUNITY, name=f"新{number}", code=code, actor=SYSTEM, now=NOW)
    actions.move(
        work.get_one(Unit, cast.riverside), parent=work.get_one(Unit, cast.other_county), actor=SYSTEM, now=NOW
    )
    for top in (cast.province, cast.other_county, cast.street):
        unit = work.get_one(Unit, top)
        listed = db.session().scalars(select(Unit.id).where(within(Unit.place, [unit.place])).order_by(Unit.place))
        below = db.session().scalar(select(func.count()).where(within(Unit.path, [unit.path])))
        assert in_order(unit) == list(listed)
        assert len(in_order(unit)) == below
