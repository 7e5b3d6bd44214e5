"""Near-duplicates among 20,000 cases: found again, by how much, without false alarm, and at what cost.

Part of `python -m tests.bench.search`. Copies of ten cases each are planted as drafts, in five strengths; honest
drafts are written as the cases are. How alike texts are is counted once more by brute force: numpy, over the
stretches of four characters of every case, which knows nothing of keys. Cases that the writer may not read are copied
as well: they must never be named.
"""

from __future__ import annotations

import random
import re
import statistics
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import func, select

from lms.cases import likeness
from lms.cases.models import CaseKey
from lms.core import db
from lms.core.web import Actor
from lms.drafts import fields, similar
from lms.drafts.models import CaseDraft

EACH = 10
HONEST = 40
#: The least share of copies that is found, by strength, and the most that the page may cost.
LEAST_FOUND = 0.9
MOST_RATIO = 5.0
#: By brute force a case is not alike below this share of the draft, and of each of its longer sections.
UNLIKE, UNLIKE_SECTION = 0.15, 0.4
#: Cases not alike that may be named, by drafts: honest ones are put together from the cases' own sentences.
MOST_OTHERS = 0.05
BITS = 22
_SENTENCE = re.compile(r"[^。！？；\n]+[。！？；\n]*")

Ids = NDArray[np.uint32]
Writer = Callable[[random.Random, str], str]


@dataclass(frozen=True)
class Planted:
    """A draft, and the number of the case that it copies; 0: none."""

    strength: str
    text: str
    source: int


@dataclass(frozen=True)
class Looked:
    """What the look-up said of a draft, and what brute force says."""

    planted: Planted
    named: Sequence[int]
    #: shares of the draft that stand in each case, by number, by brute force
    shares: NDArray[np.float64]
    #: by named case, the share of the section that has most in common with it
    of_section: Mapping[int, float]
    bare: float
    whole: float


class BruteForce:
    """Every stretch of four characters of every case, hashed: who shares how many with a text."""

    def __init__(self, bodies: Sequence[str]) -> None:
        parts = [self.stretches(body) for body in bodies]
        self._all = np.concatenate(parts)
        self._starts = np.cumsum([0, *(len(part) for part in parts[:-1])])

    @staticmethod
    def stretches(text: str) -> Ids:
        """Different stretches of a text. The filler at the end lets an empty text have one."""
        points = np.frombuffer(("".join(text.split()) + "\0\0\0\0").encode("utf-32-le"), dtype=np.uint32)
        mixed = points[:-3] * np.uint32(2654435761)
        for at, factor in ((1, 2246822519), (2, 3266489917), (3, 668265263)):
            mixed = (mixed ^ (mixed >> np.uint32(15))) + points[at : len(points) - 3 + at] * np.uint32(factor)
        return np.unique((mixed ^ (mixed >> np.uint32(13))) >> np.uint32(32 - BITS))

    def shares(self, text: str) -> NDArray[np.float64]:
        own = self.stretches(text)
        marked = np.zeros(1 << BITS, dtype=np.int32)
        marked[own] = 1
        counted: NDArray[np.float64] = np.add.reduceat(marked[self._all], self._starts) / len(own)
        return counted

    def most_of(self, texts: Sequence[str], number: int) -> float:
        """The largest share of one of the texts that stands in a case."""
        there = self._all[self._starts[number] : self._starts[number + 1] if number + 1 < len(self._starts) else None]
        return max((float(np.isin(self.stretches(text), there).mean()) for text in texts), default=0.0)


# Copying


def names_changed(chance: random.Random, text: str) -> str:
    """Two characters of every thirty are others."""
    letters = list(text)
    for at in range(0, len(letters) - 32, 30):
        place = at + chance.randrange(28)
        letters[place : place + 2] = chance.sample("王李张刘陈杨赵黄周吴徐孙", 2)
    return "".join(letters)


def reordered(chance: random.Random, text: str) -> str:
    lines = text.split("\n")
    chance.shuffle(lines)
    return "\n".join(lines)


def half_rewritten(chance: random.Random, text: str, new: Callable[[], str]) -> str:
    """Every other sentence, by chance, is another."""
    return "".join(new() if chance.random() < 0.5 else found[0] for found in _SENTENCE.finditer(text))


def reworded(_chance: random.Random, text: str, new: Callable[[], str]) -> str:
    """Every sentence goes on differently from its middle."""
    halves = ((found[0][: (len(found[0]) + 1) // 2], new()) for found in _SENTENCE.finditer(text))
    return "".join(kept + other[len(other) // 2 :] for kept, other in halves)


def section_taken(chance: random.Random, text: str, write: Callable[[], str]) -> str:
    """A text of its own, but for a quarter that is the case's."""
    piece = text[len(text) // 3 :][:600]
    own = write()
    while len(own) < 3 * len(piece):
        own += "\n" + write()
    own = own[: 3 * len(piece)]
    at = chance.choice([0, len(piece), 2 * len(piece)])
    return f"{own[:at]}\n{piece}\n{own[at:]}"


def plant(bodies: Sequence[str], pool: Sequence[str], write: Callable[[random.Random], str]) -> Iterator[Planted]:
    """Drafts of every strength, of cases that the writer may read and of one that they may not, and honest ones."""
    chance = random.Random(11)

    def sentence() -> str:
        one, other = chance.choice(pool), chance.choice(pool)
        return one[: len(one) // 2] + other[len(other) // 2 :] + "。"

    makers: dict[str, Callable[[str], str]] = {
        "names changed": lambda text: names_changed(chance, text),
        "reordered": lambda text: reordered(chance, text),
        "half rewritten": lambda text: half_rewritten(chance, text, sentence),
        "reworded": lambda text: reworded(chance, text, sentence),
        "section taken": lambda text: section_taken(chance, text, lambda: write(chance)),
    }
    long = [number for number, body in enumerate(bodies) if len(body) > 1000]
    public = [number for number in long if number % 10]
    hidden = [number for number in long if number and not number % 10]
    for strength, make in makers.items():
        for number in [*chance.sample(public, EACH), chance.choice(hidden)]:
            yield Planted(strength, make(bodies[number].partition("\n")[2]), number)
    for _draft in range(HONEST):
        yield Planted("honest", write(chance), 0)


# Looking


def look(planted: Planted, brute: BruteForce, reader: Actor, timed: Callable[[Callable[[], Any]], float]) -> Looked:
    draft = _draft(planted.text)
    named = [int(one.slug.removeprefix("case-")) for one in similar.list_alike(reader, draft)]
    keys = likeness.keys_of(likeness.letters_of(planted.text))
    bare = select(CaseKey.case_id, func.count()).where(CaseKey.key.in_(keys)).group_by(CaseKey.case_id)
    return Looked(
        planted,
        named,
        brute.shares(planted.text),
        {number: brute.most_of(_long_sections(draft), number) for number in named},
        timed(lambda: db.session().execute(bare).all()),
        timed(lambda: similar.list_alike(reader, draft)),
    )


def _long_sections(draft: CaseDraft) -> list[str]:
    sections = (getattr(draft, name) for name in fields.SECTIONS)
    return [text for text in sections if len(likeness.letters_of(text)) >= similar.SHORTEST_SECTION]


def _draft(text: str) -> CaseDraft:
    """The text in four sections, as it is written: none of them goes to the database."""
    lines = text.split("\n")
    step = len(lines) // len(fields.SECTIONS) + 1
    cut = {name: "\n".join(lines[step * at : step * (at + 1)]) for at, name in enumerate(fields.SECTIONS)}
    return CaseDraft(case_id=0, title="", summary="", **cut)


def measure(
    name: str,
    bodies: Sequence[str],
    pool: Sequence[str],
    write: Callable[[random.Random], str],
    reader: Actor,
    timed: Callable[[Callable[[], Any]], float],
) -> Iterator[str]:
    """Print what was found of each strength; answers what is beyond its limit."""
    brute = BruteForce(bodies)
    looked = [look(one, brute, reader, timed) for one in plant(bodies, pool, write)]
    print("near-duplicates   drafts  alike by brute force  found  first  others named  keys ms  look-up ms")
    for strength in dict.fromkeys(one.planted.strength for one in looked):
        yield from _faults(name, strength, [one for one in looked if one.planted.strength == strength])
    ratio = statistics.median(one.whole for one in looked) / statistics.median(one.bare for one in looked)
    worst = max(one.whole for one in looked)
    print(f"The look-up costs {ratio:.2f} times the bare question for the keys; the slowest takes {worst:.0f} ms.\n")
    if ratio > MOST_RATIO:
        yield f"{name}: looking for near-duplicates costs {ratio:.2f} times the question for keys, {MOST_RATIO} at most"


def _faults(name: str, strength: str, looked: Sequence[Looked]) -> Iterator[str]:
    copies = [one for one in looked if one.planted.source % 10]
    share = [one.shares[one.planted.source] if one.planted.source else one.shares.max() for one in looked]
    found = sum(one.planted.source in one.named for one in copies)
    first = sum(one.named[:1] == [one.planted.source] for one in copies)
    others = [
        number
        for one in looked
        for number in one.named
        if one.shares[number] < UNLIKE and one.of_section[number] < UNLIKE_SECTION
    ]
    secret = [number for one in looked for number in one.named if number % 10 == 0]
    figures = f"{100 * min(share):3.0f} to {100 * max(share):3.0f} %{found:14} {first:6} {len(others):13}"
    costs = (statistics.median(getattr(one, part) for one in looked) for part in ("bare", "whole"))
    print(f"{strength:16}{len(looked):8} {figures}" + "".join(f"{cost:10.1f}" for cost in costs), flush=True)
    if copies and found < LEAST_FOUND * len(copies):
        yield f"{name}: {found} of {len(copies)} copies found ({strength})"
    if len(others) > MOST_OTHERS * len(looked):
        yield f"{name}: {len(others)} cases named that are not alike ({strength})"
    if secret:
        yield f"{name}: {len(secret)} cases named that the writer may not read ({strength})"
