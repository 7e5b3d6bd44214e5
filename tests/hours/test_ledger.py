"""The ledger's two verbs: award once for each source, reverse with a reason."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest

from lms.core.errors import Refused
from lms.hours import actions, queries
from lms.hours.kinds import Ability, HourKind, Tier, TrainingType
from lms.hours.models import HourEntry
from tests.cast import SYSTEM, Cast

NOW = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)


def award(person_id: int, **changed: Any) -> HourEntry:
    given: dict[str, Any] = {
        "hours": Decimal("2.25"), "occurred_on": date(2026, 3, 2), "kind": HourKind.COURSE, "title": "接待与走访",
        "source": ("course", "7:2026"), "tier": Tier.STREET, "training_type": TrainingType.INDUCTION,
        "abilities": [Ability.MASS_WORK], "organizer_id": None, "actor": SYSTEM, "now": NOW,
    }  # fmt: skip
    return actions.award(person_id=person_id, **{**given, **changed})


def test_an_award_moves_the_balance_of_its_year(work: object, cast: Cast) -> None:
    award(cast.alice)
    assert queries.balance_of(cast.alice, 2026) == Decimal("2.25")
    assert queries.balance_of(cast.alice, 2025) == 0


def test_the_same_source_counts_once(work: object, cast: Cast) -> None:
    assert award(cast.alice).id == award(cast.alice).id
    assert queries.balance_of(cast.alice, 2026) == Decimal("2.25")


def test_an_entry_remembers_unit_and_post_of_the_time(work: object, cast: Cast) -> None:
    entry = award(cast.alice)
    assert (entry.unit_id, entry.unit_name, entry.post) == (cast.guangming, "光明社区", "grid_worker")


def test_a_reversal_keeps_the_entry_and_takes_its_hours(work: object, cast: Cast) -> None:
    entry = award(cast.alice)
    actions.reverse(entry, reason="登记错误", actor=SYSTEM, now=NOW)
    assert queries.balance_of(cast.alice, 2026) == 0
    assert [e.reversal is not None for e in queries.list_entries(cast.alice)] == [True]


def test_after_a_reversal_the_source_may_be_awarded_again(work: object, cast: Cast) -> None:
    actions.reverse(award(cast.alice), reason="登记错误", actor=SYSTEM, now=NOW)
    assert award(cast.alice).sequence == 2
    assert queries.balance_of(cast.alice, 2026) == Decimal("2.25")


def test_nothing_is_reversed_twice_or_without_a_reason(work: object, cast: Cast) -> None:
    entry = award(cast.alice)
    with pytest.raises(Refused):
        actions.reverse(entry, reason="  ", actor=SYSTEM, now=NOW)
    actions.reverse(entry, reason="登记错误", actor=SYSTEM, now=NOW)
    with pytest.raises(Refused):
        actions.reverse(entry, reason="再来一次", actor=SYSTEM, now=NOW)


@pytest.mark.parametrize("hours", ["0", "-1", "1.005", "NaN", "Infinity"])
def test_hours_are_positive_and_have_two_decimals(work: object, cast: Cast, hours: str) -> None:
    with pytest.raises(Refused):
        award(cast.alice, hours=Decimal(hours))


def test_training_cannot_be_completed_tomorrow(work: object, cast: Cast) -> None:
    with pytest.raises(Refused):
        award(cast.alice, occurred_on=date(2026, 3, 3))
