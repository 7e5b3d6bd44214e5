"""Whose notices, and whose channels.

A notice is its person's alone: no administrator reads what others were told. Channels are run by the administrators of
their unit and of the units above it.
"""

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import contains_eager

from lms.core.sql import Given
from lms.core.web import Actor, one_or_404
from lms.notices.models import Notice, NoticeChannel
from lms.units.access import administered_by as units_administered_by
from lms.units.models import Unit


def readable_by(actor: Actor) -> ColumnElement[bool]:
    """Notices that the actor may read: their own."""
    return owned_by(actor.person_id)


def owned_by(person_id: Given[int] | None) -> ColumnElement[bool]:
    """Notices of a person."""
    return Notice.person_id == person_id


def get_notice(actor: Actor, notice_id: int) -> Notice:
    """:raise Denied: no such notice of the actor."""
    return one_or_404(select(Notice).where(Notice.id == notice_id, readable_by(actor)))


def get_channel(actor: Actor, channel_id: int) -> NoticeChannel:
    """:raise Denied: no such channel, in use, of a unit that the actor administers."""
    return one_or_404(
        select(NoticeChannel)
        .join(Unit, Unit.id == NoticeChannel.unit_id)
        .options(contains_eager(NoticeChannel.unit))
        .where(NoticeChannel.id == channel_id, NoticeChannel.ended_at.is_(None), units_administered_by(actor))
    )


def get_channel_unit(actor: Actor, unit_id: int) -> Unit:
    """:raise Denied: no such open unit that the actor administers."""
    return one_or_404(select(Unit).where(Unit.id == unit_id, Unit.valid_to.is_(None), units_administered_by(actor)))
