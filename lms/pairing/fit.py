"""How well two people fit: whole numbers, part by part, so that each can be said in words and added up by anybody.

Pure, and without imports that the solver's child process would have to pay for. `score` is the definition;
`solving_child.py` computes the same for millions of pairs at once, and a test holds the two together.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

#: For each needed ability that is offered, up to so many.
ABILITY, MOST_ABILITIES = 40, 4
#: The mentor holds or held the mentee's post class; a new secretary or director finds somebody who led.
SAME_POST, HAS_LED = 30, 60
#: The nearest unit that both belong to: none or the province, city, county, street, community.
NEARNESS = (0, 10, 25, 50, 60)
#: A wish, by its rank: first, second, third.
WISH = (120, 90, 60)
#: The same two were paired before and finished; or ended early.
EARLIER, EARLIER_ENDED = -40, -150
#: For each mentee that the mentor has already.
LOAD = -30

#: Units of a place that count for nearness, from wide to narrow; 0 where there is none.
Place = tuple[int, int, int, int]


@dataclass(frozen=True)
class Mentee:
    """Somebody who needs a mentor, as the solver sees them.

    :param needs: a bit for each ability needed.
    :param post: a number for the post class; 0 for none.
    :param new_leader: a secretary or director in the first year.
    :param place: city, county, street, community of the primary post.
    :param units: every unit at or above one of the posts: who reaches one of them reaches the mentee.
    """

    id: int
    needs: int = 0
    post: int = 0
    new_leader: bool = False
    place: Place = (0, 0, 0, 0)
    units: tuple[int, ...] = ()


@dataclass(frozen=True)
class Mentor:
    """A mentor as the solver sees them.

    :param offers: a bit for each ability offered.
    :param posts: a bit for each post class held now or earlier.
    :param has_led: has been a secretary or director.
    :param reach: the unit below which mentees may be.
    :param places: how many mentees more.
    :param load: how many mentees already.
    """

    id: int
    offers: int = 0
    posts: int = 0
    has_led: bool = False
    place: Place = (0, 0, 0, 0)
    reach: int = 0
    places: int = 0
    load: int = 0


@dataclass(frozen=True)
class Tie:
    """What is known of two people beside what each of them is."""

    mentee_wish: int = 0
    mentor_wish: int = 0
    #: 0 never paired, 1 paired before, 2 paired before and ended early
    earlier: int = 0

    @property
    def value(self) -> int:
        wishes = sum(WISH[rank - 1] for rank in (self.mentee_wish, self.mentor_wish) if 1 <= rank <= len(WISH))
        return wishes + (0, EARLIER, EARLIER_ENDED)[self.earlier]


#: Mentee and mentor, as (mentee's id, mentor's id).
Pair = tuple[int, int]


@dataclass(frozen=True)
class Problem:
    """What is to be solved: everybody in the order of their identifiers.

    :param forbidden: pairs that a hard rule, a decline or the administrator excludes.
    """

    mentees: tuple[Mentee, ...]
    mentors: tuple[Mentor, ...]
    ties: Mapping[Pair, Tie]
    forbidden: frozenset[Pair]


@dataclass(frozen=True)
class Parts:
    """A score, taken apart."""

    abilities: int
    post: int
    nearness: int
    tie: int
    load: int

    @property
    def total(self) -> int:
        return self.abilities + self.post + self.nearness + self.tie + self.load


def score(mentee: Mentee, mentor: Mentor, tie: Tie | None = None, *, load: int | None = None) -> Parts:
    """How well the two fit.

    :param load: mentees that the mentor has before this one, if not those of today.
    """
    common = (mentee.needs & mentor.offers).bit_count()
    post = HAS_LED if mentee.new_leader and mentor.has_led else SAME_POST if _same_post(mentee, mentor) else 0
    return Parts(
        abilities=ABILITY * min(common, MOST_ABILITIES),
        post=post,
        nearness=NEARNESS[depth(mentee.place, mentor.place)],
        tie=tie.value if tie else 0,
        load=LOAD * (mentor.load if load is None else load),
    )


def _same_post(mentee: Mentee, mentor: Mentor) -> bool:
    return bool(mentee.post and mentor.posts >> mentee.post & 1)


def depth(one: Sequence[int], other: Sequence[int]) -> int:
    """4 for the same community, 3 the same street, 2 county, 1 city, 0 otherwise."""
    return max(
        (level for level, pair in enumerate(zip(one, other, strict=True), 1) if pair[0] == pair[1] != 0), default=0
    )


def may_pair(mentee: Mentee, mentor: Mentor, forbidden: frozenset[Pair]) -> bool:
    """Within reach, and not forbidden; whether there is a place is another question."""
    return mentor.reach in mentee.units and (mentee.id, mentor.id) not in forbidden


def value_of(problem: Problem, pairs: Sequence[Pair]) -> int:
    """The sum of the fits of an assignment, each mentor's load growing with each mentee."""
    mentees = {mentee.id: mentee for mentee in problem.mentees}
    mentors = {mentor.id: mentor for mentor in problem.mentors}
    loads = {mentor.id: mentor.load for mentor in problem.mentors}
    total = 0
    for mentee_id, mentor_id in pairs:
        tie = problem.ties.get((mentee_id, mentor_id))
        total += score(mentees[mentee_id], mentors[mentor_id], tie, load=loads[mentor_id]).total
        loads[mentor_id] += 1
    return total
