"""Boards of large units, counted by the nightly job: a province is not counted anew for every reader."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from lms.core.db import Base, enum_column
from lms.workforce.dimensions import Dimension


class StoredBoard(Base):
    """The newest board of a unit and a dimension, with what is withheld left out already."""

    __tablename__ = "workforce_boards"
    __table_args__ = ({"comment": "队伍结构存表: boards of large units as of a day; counted anew every day"},)

    unit_id: Mapped[int] = mapped_column(ForeignKey("units.id"), primary_key=True, comment="of which unit")
    dimension: Mapped[Dimension] = mapped_column(
        enum_column(Dimension), primary_key=True, comment="by what its people are told apart"
    )
    day: Mapped[date] = mapped_column(comment="the day of which it speaks")
    counted_at: Mapped[datetime] = mapped_column(comment="when it was counted")
    body: Mapped[dict[str, Any]] = mapped_column(comment="categories, totals and lines as the page shows them")
