"""A proposal for a problem: hands it to the child process that solves it, and reads what comes back."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from lms.core import limited
from lms.core.errors import Refused
from lms.core.i18n import lazy_gettext as _l
from lms.pairing.fit import Mentor, Pair, Problem, value_of

#: By name: nobody else needs numpy and scipy, whose import takes longer than most requests.
CHILD = "lms.pairing.solving_child:solve"
RUNNERS_UP = 3
SECONDS, MEGABYTES = 120.0, 3000
#: Mentees times places: as many floats as the child's memory holds.
MOST_CELLS = 80_000_000


@dataclass(frozen=True)
class Solution:
    """A proposal.

    :param pairs: (mentee, mentor), by mentee, the fixed ones among them.
    :param others: for each mentee the next best mentors, whether or not they have a place left.
    :param possible: for each mentee how many mentors the hard rules leave.
    """

    pairs: tuple[Pair, ...]
    others: dict[int, tuple[int, ...]]
    possible: dict[int, int]
    value: int


def solve(problem: Problem, *, fixed: Sequence[Pair] = ()) -> Solution:
    """The best assignment there is around the pairs that are fixed.

    :raise Refused: it is too large for one proposal, or the solver had to give up.
    """
    rest = without_fixed(problem, fixed)
    if len(rest.mentees) * sum(min(mentor.places, len(rest.mentees)) for mentor in rest.mentors) > MOST_CELLS:
        raise Refused(_l("人数太多，一次算不完。请按下级单位分别配对。"))
    try:
        answer = limited.run(CHILD, *arguments(rest), seconds=SECONDS, megabytes=MEGABYTES)
    except limited.LimitExceeded as error:
        raise Refused(_l("服务器正忙，这次没有算完。请稍后再试，或者按下级单位分别配对。")) from error
    return read_answer(problem, rest, fixed, answer)


def without_fixed(problem: Problem, fixed: Sequence[Pair]) -> Problem:
    """What is left to solve: fixed mentees are served, and fixed mentors have fewer places and more load."""
    taken: dict[int, int] = {}
    for _mentee, mentor_id in fixed:
        taken[mentor_id] = taken.get(mentor_id, 0) + 1
    served = {mentee_id for mentee_id, _mentor in fixed}
    mentors = tuple(
        replace(
            mentor, places=max(0, mentor.places - taken.get(mentor.id, 0)), load=mentor.load + taken.get(mentor.id, 0)
        )
        for mentor in sorted(problem.mentors, key=lambda mentor: mentor.id)
    )
    mentees = tuple(mentee for mentee in sorted(problem.mentees, key=lambda m: m.id) if mentee.id not in served)
    return replace(problem, mentees=mentees, mentors=mentors)


def arguments(problem: Problem) -> tuple[Any, ...]:
    """A problem as the plain lists that the child takes: rows are mentees, columns mentors."""
    rows = {mentee.id: row for row, mentee in enumerate(problem.mentees)}
    columns = {mentor.id: column for column, mentor in enumerate(problem.mentors)}
    widest = max((len(mentee.units) for mentee in problem.mentees), default=0)
    return (
        [[mentee.needs, mentee.post, int(mentee.new_leader), *mentee.place] for mentee in problem.mentees],
        [[*mentee.units, *(0,) * (widest - len(mentee.units))] for mentee in problem.mentees],
        [_column(mentor) for mentor in problem.mentors],
        _special(problem.ties, rows, columns),
        [[rows[row], columns[col]] for row, col in sorted(problem.forbidden) if row in rows and col in columns],
        RUNNERS_UP,
    )


def _column(mentor: Mentor) -> list[int]:
    facts = [mentor.offers, mentor.posts, int(mentor.has_led), *mentor.place]
    return [*facts, mentor.reach, mentor.places, mentor.load]


def _special(ties: Any, rows: dict[int, int], columns: dict[int, int]) -> list[list[int]]:
    known = sorted((pair, tie.value) for pair, tie in ties.items())
    return [[rows[row], columns[col], value] for (row, col), value in known if row in rows and col in columns]


def read_answer(problem: Problem, rest: Problem, fixed: Sequence[Pair], answer: dict[str, Any]) -> Solution:
    """What the child said, in identifiers."""
    mentees, mentors = [mentee.id for mentee in rest.mentees], [mentor.id for mentor in rest.mentors]
    pairs = [*fixed, *((mentees[row], mentors[column]) for row, column in answer["pairs"])]
    return Solution(
        pairs=tuple(sorted(pairs)),
        others={mentees[row]: tuple(mentors[c] for c in some) for row, some in enumerate(answer["others"])},
        possible={mentees[row]: count for row, (count,) in enumerate(answer["possible"])},
        value=value_of(problem, pairs),
    )
