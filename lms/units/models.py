"""The tree of units."""

from datetime import date
from enum import StrEnum
from typing import Optional

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from lms.core.db import Base, Path, enum_column
from lms.core.i18n import LazyString
from lms.core.i18n import lazy_gettext as _l
from lms.units.paths import ids_in


class Level(StrEnum):
    """How high a unit stands; a parent stands higher than its children, not always by one step."""

    PROVINCE = "province"
    CITY = "city"
    COUNTY = "county"
    STREET = "street"
    COMMUNITY = "community"

    @property
    def label(self) -> LazyString:
        return LEVEL_LABELS[self]

    @property
    def rank(self) -> int:
        """0 for a province, growing downwards."""
        return list(Level).index(self)


LEVEL_LABELS = {
    Level.PROVINCE: _l("省级"),
    Level.CITY: _l("市级"),
    Level.COUNTY: _l("县级"),
    Level.STREET: _l("街道（乡镇）"),
    Level.COMMUNITY: _l("社区"),
}


class Kind(StrEnum):
    """What sort of unit: only the first is a legal division."""

    ADMINISTRATIVE = "administrative"
    DEVELOPMENT_ZONE = "development_zone"
    CORPS = "corps"
    FUNCTIONAL = "functional"

    @property
    def label(self) -> LazyString:
        return KIND_LABELS[self]


KIND_LABELS = {
    Kind.ADMINISTRATIVE: _l("行政区划"),
    Kind.DEVELOPMENT_ZONE: _l("开发区"),
    Kind.CORPS: _l("兵团"),
    Kind.FUNCTIONAL: _l("功能区"),
}


class Unit(Base):
    """A province, city, county, street or community."""

    __tablename__ = "units"
    __table_args__ = (
        Index("ix_units_path", "path", unique=True),
        Index("ix_units_place", "place", unique=True),
        Index("ix_units_parent_id_code", "parent_id", "code"),
        CheckConstraint("valid_to IS NULL OR valid_to >= valid_from", name="validity"),
        CheckConstraint("successor_id IS NULL OR valid_to IS NOT NULL", name="successor_of_closed"),
        {"comment": "组织机构: the tree in which people work and whose upper levels run the site"},
    )

    id: Mapped[int] = mapped_column(primary_key=True, comment="stable identifier")
    parent_id: Mapped[int | None] = mapped_column(
        ForeignKey("units.id"), comment="the unit above; empty for a province"
    )
    path: Mapped[str] = mapped_column(Path, comment="identifiers from the top to here, as '1.23.456.'")
    place: Mapped[str] = mapped_column(
        Path, comment="codes from the top to here, as '33.3301.': lists follow it as boards do, a subtree is one range"
    )
    level: Mapped[Level] = mapped_column(enum_column(Level), comment="province, city, county, street or community")
    kind: Mapped[Kind] = mapped_column(enum_column(Kind), default=Kind.ADMINISTRATIVE, comment="legal division or not")
    code: Mapped[str | None] = mapped_column(
        String(12), unique=True, comment="行政区划代码, 2 to 12 digits, if it has one"
    )
    name: Mapped[str] = mapped_column(String(80), comment="full name; names repeat, codes do not")
    valid_from: Mapped[date] = mapped_column(comment="first day of existence, as far as known")
    valid_to: Mapped[date | None] = mapped_column(comment="last day of existence; empty while it exists")
    successor_id: Mapped[int | None] = mapped_column(ForeignKey("units.id"), comment="what it was merged into")

    parent: Mapped[Optional["Unit"]] = relationship(foreign_keys=[parent_id], remote_side=[id], viewonly=True)
    successor: Mapped[Optional["Unit"]] = relationship(foreign_keys=[successor_id], remote_side=[id], viewonly=True)

    @property
    def is_open(self) -> bool:
        return self.valid_to is None

    @property
    def ancestor_ids(self) -> list[int]:
        """Identifiers from the top to the parent."""
        return ids_in(self.path)[:-1]
