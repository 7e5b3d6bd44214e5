"""Why two people are proposed to one another, in one sentence of the reader's language.

What is stored are facts, in `Proposal.facts`; the words are made when somebody reads them.
"""

from collections.abc import Sequence
from typing import Any

from lms.core.i18n import gettext as _
from lms.hours.kinds import Ability
from lms.pairing import fit
from lms.pairing.fit import Mentee, Mentor, Tie
from lms.people.posts import PostClass

ABILITIES = tuple(Ability)
POSTS = tuple(PostClass)


def mask_of(abilities: Sequence[str]) -> int:
    """Abilities as bits, as the solver counts them."""
    return sum(1 << number for number, ability in enumerate(ABILITIES) if ability in abilities)


def post_number(post: PostClass | None) -> int:
    """A post class as the solver counts it: 0 is none."""
    return POSTS.index(post) + 1 if post else 0


def facts_of(mentee: Mentee, mentor: Mentor, tie: Tie | None) -> dict[str, Any]:
    """What speaks for a pair, and what against it."""
    common = mentee.needs & mentor.offers
    tie = tie or Tie()
    has_held = mentee.post and mentor.posts >> mentee.post & 1
    return {
        "abilities": [ability.value for number, ability in enumerate(ABILITIES) if common >> number & 1],
        "led": bool(mentee.new_leader and mentor.has_led),
        "post": POSTS[mentee.post - 1].value if has_held else "",
        "near": fit.depth(mentee.place, mentor.place),
        "mentee_wish": tie.mentee_wish,
        "mentor_wish": tie.mentor_wish,
        "earlier": tie.earlier,
        "load": mentor.load,
    }


def sentence(facts: dict[str, Any]) -> str:
    """Why they were proposed."""
    parts = [
        part for part in (*_wishes(facts), _abilities(facts), _post(facts), _near(facts), *_against(facts)) if part
    ]
    words = _("；").join(parts or [_("范围之内，尚有名额")]) + _("。")
    return words[:1].upper() + words[1:]


def _wishes(facts: dict[str, Any]) -> list[str]:
    found = []
    if facts.get("mentee_wish"):
        found.append(_("是帮带对象的第 %(rank)s 志愿", rank=facts["mentee_wish"]))
    if facts.get("mentor_wish"):
        found.append(_("是导师的第 %(rank)s 志愿", rank=facts["mentor_wish"]))
    return found


def _abilities(facts: dict[str, Any]) -> str:
    names = [str(Ability(value).label) for value in facts.get("abilities", [])]
    if not names:
        return ""
    if len(names) > fit.MOST_ABILITIES:
        return _("所需能力中导师能带 %(count)s 项", count=len(names))
    return _("所需的%(abilities)s正是导师所长", abilities=_("、").join(names))


def _post(facts: dict[str, Any]) -> str:
    if facts.get("led"):
        return _("导师当过书记或主任")
    if facts.get("post"):
        return _("导师做过%(post)s", post=PostClass(facts["post"]).label)
    return ""


def _near(facts: dict[str, Any]) -> str:
    words = ("", _("同在一市"), _("同在一县（区）"), _("同在一个街道"), _("同在一个社区"))
    return words[facts.get("near", 0)]


def _against(facts: dict[str, Any]) -> list[str]:
    found = []
    if facts.get("earlier"):
        found.append(_("两人以前结过对"))
    if facts.get("load"):
        found.append(_("导师已带 %(count)s 人", count=facts["load"]))
    return found
