"""What holds for every standing, whatever the facts: order means nothing, training never harms, undoing undoes."""

from __future__ import annotations

import random
from datetime import date, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from lms.policies.cycles import FAR
from lms.policies.facts import Absence, Entry, Facts, Post
from lms.policies.kinds import State
from lms.policies.standing import Computed, compute
from lms.policies.states import state_on
from tests.policies.made import EXAMPLE, OPINION, PLACES, PROVINCE, lines, policy

FIRST, LAST = date(2023, 1, 1), date(2027, 12, 31)
DAYS = st.dates(FIRST, LAST)
ROLLING = 'cycle = { kind = "rolling", years = 2 }\ncounts.trainings = 2'
CARRIED = 'cycle.kind = "calendar_year"\ncounts = { hours = "12", carry_over = "6", caps = { course = "5" } }'
#: Each under a number of its own, as if all had been adopted.
RULES = [
    *lines(OPINION, first_id=1),
    *lines(EXAMPLE, PROVINCE, first_id=2),
    *lines(policy(ROLLING), first_id=3),
    *lines(policy(CARRIED), first_id=4),
]
PERSONAL = {(period.version.id, line.key) for line in RULES if line.personal for period in line.periods}
#: The better first. What is owed from a later day on is no worse than what is owed now.
WORTH = [State.MET, State.WAIVED, State.NOT_YET_DUE, State.DUE, State.OVERDUE]

posts = st.builds(
    lambda place, word, start, length, primary: Post(
        *PLACES[place], word, start, FAR if length > 1500 else start + timedelta(length), primary
    ),
    st.sampled_from(sorted(PLACES)),
    st.sampled_from(["party_secretary", "committee_director", "full_time_staff", "grid_worker"]),
    DAYS,
    st.integers(1, 2200),
    st.booleans(),
)
entries = st.builds(
    Entry,
    st.integers(1, 10**6),
    DAYS,
    st.sampled_from(["course", "class", "import"]),
    st.sampled_from(["province", "county", "street", None]),
    st.sampled_from(["induction", "in_service"]),
    st.integers(25, 3000),
    st.sampled_from(["甲", "乙", "丙", "丁"]),
)
absences = st.builds(
    lambda number, kind, start, length: Absence(number, kind, start, start + timedelta(length)),
    st.integers(1, 10**6),
    st.sampled_from(["leave", "secondment", "illness"]),
    DAYS,
    st.integers(1, 500),
)
facts = st.builds(
    Facts,
    st.lists(posts, min_size=1, max_size=3),
    st.lists(entries, max_size=8, unique_by=lambda one: one.id),
    st.lists(absences, max_size=2, unique_by=lambda one: one.id),
    st.sampled_from(["", "社会工作师"]),
)


def unnumbered(rows: list[Computed]) -> list[Computed]:
    """Without the numbers of the entries: these tell when something arrived."""
    return [row._replace(entries=(len(row.entries),)) for row in rows]


@given(facts, st.randoms())
@settings(max_examples=60, deadline=None)
def test_the_order_in_which_facts_arrived_means_nothing(known: Facts, chance: random.Random):
    numbers = [one.id for one in known.entries]
    chance.shuffle(numbers)
    later = [one._replace(id=number) for one, number in zip(known.entries, numbers, strict=True)]
    held, away = list(known.posts), list(known.absences)
    chance.shuffle(held)
    chance.shuffle(later)
    chance.shuffle(away)

    again = compute(Facts(held, later, away, known.certificate), RULES)

    assert unnumbered(again) == unnumbered(compute(known, RULES))


def worth(rows: list[Computed], day: date) -> dict[tuple[int, str, date | None], int]:
    """How each duty stands on a day: fixed cycles by their first day, rolling ones by the window of that day."""
    standing = {}
    for row in rows:
        personal = (row.policy_id, row.requirement) in PERSONAL
        if row.cycle_start <= day < row.cycle_end or not personal:
            key = row.policy_id, row.requirement, None if personal else row.cycle_start
            standing[key] = WORTH.index(state_on(row, day))
    return standing


@given(facts, entries, DAYS)
@settings(max_examples=60, deadline=None)
def test_another_training_never_leaves_anybody_worse_off(known: Facts, more: Entry, day: date):
    more = more._replace(id=10**6 + 1)

    before = worth(compute(known, RULES), day)
    after = worth(compute(Facts(known.posts, [*known.entries, more], known.absences, known.certificate), RULES), day)

    assert before.keys() == after.keys()
    assert all(after[key] <= before[key] for key in before)


@given(facts, entries)
@settings(max_examples=40, deadline=None)
def test_a_reversal_followed_by_the_same_award_is_the_same_as_before(known: Facts, awarded: Entry):
    first = awarded._replace(id=10**6 + 1)
    again = awarded._replace(id=10**6 + 2)

    def standing(entry: Entry | None) -> list[Computed]:
        some = [*known.entries, entry] if entry else known.entries
        return compute(Facts(known.posts, some, known.absences, known.certificate), RULES)

    assert unnumbered(standing(first)) == unnumbered(standing(again))
    assert standing(None) == compute(known, RULES)


@given(facts)
@settings(max_examples=60, deadline=None)
def test_rows_do_not_overlap_and_are_keyed_once(known: Facts):
    rows = compute(known, RULES)

    keys = [(row.policy_id, row.requirement, row.cycle_start, row.cycle_end) for row in rows]
    assert all(row.cycle_start < row.cycle_end and row.owed_from < FAR and row.due_on < FAR for row in rows)
    assert all(row.unit_id in {post.unit_id for post in known.posts} for row in rows)
    assert len(set(keys)) == len(keys)
