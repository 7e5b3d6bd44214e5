"""Item analysis and grading worked out once more, by numpy, from the published formulas.

The formulas are those of docs.moodle.org, "Quiz statistics calculations". A matrix has a row for a sitting and a column
for a question; NaN stands where a sitting did not draw the question, 0 where it was drawn and left empty.
"""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from lms.quizzes.analysis import analysis_of
from lms.quizzes.grading import score
from lms.quizzes.kinds.multiple import MultipleChoice
from lms.quizzes.kinds.options import Option
from lms.quizzes.models import Paper
from lms.quizzes.paper_statistics import PaperFigures, measure
from lms.quizzes.papers import Draw
from lms.quizzes.questions import Question, Rich
from lms.quizzes.statistics import Figures, analyze

Matrix = NDArray[np.float64]

#: Six people and four questions; nobody's real results.
CLASS = np.array(
    [
        [1.0, 1.0, 1.0, 0.5],
        [1.0, 1.0, 0.0, 0.5],
        [1.0, 0.0, 1.0, 0.0],
        [0.0, 1.0, 0.0, 1.0],
        [1.0, 0.5, 0.0, 0.0],
        [0.0, 0.0, 0.0, 0.25],
    ]
)


def sittings_of(matrix: Matrix) -> list[dict[int, float]]:
    return [{column: float(value) for column, value in enumerate(row) if not np.isnan(value)} for row in matrix]


def constant(values: Any) -> bool:
    """Exactly, whatever binary fractions make of thirds."""
    return len({Fraction(float(value)).limit_denominator(1000) for value in values}) <= 1


def item_by_numpy(matrix: Matrix, column: int) -> dict[str, float | None]:
    """What is published for one question."""
    drew = matrix[~np.isnan(matrix[:, column])]
    x, rest = drew[:, column], np.nansum(np.delete(drew, column, axis=1), axis=1)
    found: dict[str, float | None] = {"facility": x.mean(), "deviation": x.std(ddof=1) if len(x) > 1 else None}
    if len(x) < 2 or constant(x) or constant(rest):
        return {**found, "discrimination": None, "efficiency": None}
    most = np.cov(np.sort(x), np.sort(rest))[0, 1]
    return {**found, "discrimination": np.corrcoef(x, rest)[0, 1], "efficiency": np.cov(x, rest)[0, 1] / most}


def weights_by_numpy(matrix: Matrix) -> list[float | None]:
    """Effective weights; None where the covariance with the whole is negative."""
    total = matrix.sum(axis=1)
    shared = np.array([np.cov(column, total)[0, 1] for column in matrix.T])
    shared[np.abs(shared) < 1e-9] = 0.0
    roots = np.sqrt(np.clip(shared, 0, None))
    return [root / roots.sum() if share >= 0 else None for root, share in zip(roots, shared, strict=True)]


def paper_by_numpy(matrix: Matrix) -> dict[str, float]:
    """What is published for a whole paper of questions that everybody drew, as parts of the whole."""
    size, places = matrix.shape
    total = matrix.mean(axis=1)
    second, third, fourth = (((total - total.mean()) ** power).mean() for power in (2, 3, 4))
    k2 = size / (size - 1) * second
    found = {"mean": total.mean(), "median": float(np.median(total)), "deviation": total.std(ddof=1)}
    if size > 2:
        found["skewness"] = size**2 / ((size - 1) * (size - 2)) * third / k2**1.5
    if size > 3:
        k4 = size**2 * ((size + 1) * fourth - 3 * (size - 1) * second**2) / ((size - 1) * (size - 2) * (size - 3))
        found["kurtosis"] = k4 / k2**2
    if places > 1:
        own = matrix.var(axis=0, ddof=1).sum()
        alpha = places / (places - 1) * (1 - own / matrix.sum(axis=1).var(ddof=1))
        ratio = np.sqrt(max(0.0, 1 - alpha))
        found |= {"consistency": alpha, "error_ratio": ratio, "standard_error": ratio * total.std(ddof=1)}
    return found


def agree(figures: Figures | PaperFigures, expected: dict[str, Any]) -> None:
    for name, value in expected.items():
        found = getattr(figures, name)
        if value is None:
            assert found is None, name
        else:
            assert found == pytest.approx(value, rel=1e-6, abs=1e-7), name


def test_a_class_of_six_agrees_in_every_figure() -> None:
    figures = analyze(sittings_of(CLASS))
    for column in range(CLASS.shape[1]):
        agree(figures[column], item_by_numpy(CLASS, column))
    effective = [figure.weights[0] for figure in figures.values() if figure.weights]
    assert effective == pytest.approx(weights_by_numpy(CLASS))
    assert sum(part for part in effective if part) == pytest.approx(1)
    together = measure(CLASS.tolist())
    assert together is not None
    agree(together, paper_by_numpy(CLASS))


def test_figures_worked_by_hand() -> None:
    """Two right, two wrong, alike in both questions: one measures exactly what the other does."""
    together = measure([[1, 1], [1, 1], [0, 0], [0, 0]])
    assert together is not None
    assert together.consistency == pytest.approx(1)
    assert (together.error_ratio, together.standard_error, together.skewness) == pytest.approx((0, 0, 0))
    # m2 = m4 = 1/4 and 1/16; k4 = 16 (5/16 - 9/16) / 6 = -2/3; k2 = 1/3
    assert together.kurtosis == pytest.approx(-6)


parts = st.sampled_from([0.0, 0.25, 1 / 3, 0.5, 2 / 3, 1.0])


@st.composite
def matrices(draw: st.DrawFn, missing: bool = False) -> Matrix:
    columns = draw(st.integers(1, 6))
    cells = st.one_of(parts, st.just(np.nan)) if missing else parts
    rows = draw(st.lists(st.lists(cells, min_size=columns, max_size=columns), min_size=1, max_size=14))
    return np.array(rows, dtype=np.float64)


@given(matrices(missing=True))
@settings(max_examples=60, deadline=None)
def test_any_items_agree_whoever_drew_what(matrix: Matrix) -> None:
    figures = analyze(sittings_of(matrix))
    for column in range(matrix.shape[1]):
        if np.isnan(matrix[:, column]).all():
            assert column not in figures
        else:
            agree(figures[column], item_by_numpy(matrix, column))


@given(matrices())
@settings(max_examples=60, deadline=None)
def test_any_paper_agrees(matrix: Matrix) -> None:
    together, figures = measure(matrix.tolist()), analyze(sittings_of(matrix))
    assert together is not None
    if len(matrix) < 2 or constant(matrix.sum(axis=1)):
        assert (together.consistency, together.skewness, together.kurtosis) == (None, None, None)
        assert all(figure.weights is None for figure in figures.values())
        return
    agree(together, paper_by_numpy(matrix))
    for figure, expected in zip(figures.values(), weights_by_numpy(matrix), strict=True):
        assert figure.weights is not None
        assert figure.weights[1] == pytest.approx(1 / matrix.shape[1])
        assert figure.weights[0] == (None if expected is None else pytest.approx(expected, rel=1e-5, abs=1e-5))


@pytest.mark.parametrize("same", [0.0, 1 / 3, 1.0])
def test_equal_answers_and_a_single_learner_tell_nothing(same: float) -> None:
    for rows in (1, 5):
        matrix = np.full((rows, 3), same)
        for figure in analyze(sittings_of(matrix)).values():
            assert figure.facility == pytest.approx(same)
            assert (figure.discrimination, figure.efficiency, figure.weights) == (None, None, None)
        together = measure(matrix.tolist())
        assert together is not None
        assert (together.mean, together.median) == pytest.approx((same, same))
        assert (together.consistency, together.standard_error) == (None, None)
        assert together.deviation == (None if rows == 1 else 0)
    assert measure([]) is None


def test_a_difference_of_rounding_is_none() -> None:
    """0.1 + 0.2 is not 0.3 for a computer: two sittings that earned the same must not look different."""
    figures = analyze([{"a": 1.0, "b": 0.1, "c": 0.2}, {"a": 0.0, "b": 0.3, "c": 0.0}])
    assert figures["a"].discrimination is None
    together = measure([[0.1, 0.2], [0.3, 0.0]])
    assert together is not None
    assert together.consistency is None


# Grading

weights = st.lists(st.integers(-100, 100), min_size=2, max_size=5).filter(lambda each: max(each) > 0)


@given(st.lists(st.tuples(weights, st.integers(0, 31)), min_size=1, max_size=8), st.integers(1, 100))
@settings(max_examples=60, deadline=None)
def test_a_score_is_the_mean_of_what_the_questions_earn(asked: list[tuple[list[int], int]], needed: int) -> None:
    """Chosen weights added up, never below nothing nor above all; what was left empty earns nothing."""
    answers, earned = [], []
    for position, (worth, bits) in enumerate(asked, 1):
        options = tuple(Option(Rich(f"选项{number}"), Decimal(percent)) for number, percent in enumerate(worth))
        question = Question(Rich(f"第{position}题"), MultipleChoice(options))
        chosen = [index for index in range(len(worth)) if bits >> index & 1]
        answers.append((position, question, {"chosen": chosen} if chosen else None))
        earned.append(np.clip(np.array(worth)[chosen].sum() / 100, 0, 1))
    found = score(answers, {}, needed)
    assert found is not None
    assert float(found.percent) == pytest.approx(100 * np.mean(earned), abs=0.005000001)
    exact = sum((Fraction(round(part * 100)) for part in earned), Fraction()) / len(earned)
    assert found.passed == (max(Fraction(found.percent), exact) >= needed)


# The page's own figures, from attempts that were handed in

TEXT = "$CATEGORY: 甲\n\n一：先做什么？{=问清情况 ~当场答应}\n\n二：代签有效。{F}\n\n三：平台叫什么？{=议事会}"
SITTINGS = [
    ("alice", "问清情况", "错", "议事会"),
    ("sun", "问清情况", "对", "议事会"),
    ("wen", "当场答应", "对", "不知道"),
]
# Alice errs in nothing, Sun in the second, Wen in all.
EARNED = np.array([[1.0, 1, 1], [1, 0, 1], [0, 0, 0]])


def answer_by_words(stage, paper_id: int, person_id: int, words: tuple[str, ...]) -> None:
    """Answer each question by the words of its option, in whatever order it was drawn."""
    attempt_id, client = stage.start(paper_id, person_id), stage.as_(person_id)
    for view in stage.views(attempt_id, person_id):
        word = words["一二三".index(view.stem.text[0])]
        names = {getattr(option.label, "text", str(option.label)): option.name for option in view.input.options}
        stage.save(attempt_id, view.position, names.get(word, word), client=client)
    stage.submit(attempt_id, client)


@pytest.mark.parametrize("draws", [(), (Draw("甲", 3),)])
def test_attempts_give_the_matrix(stage, draws) -> None:
    paper_id = stage.publish(TEXT, draws)
    for person, first, second, third in SITTINGS:
        answer_by_words(stage, paper_id, stage.cast.people[person], (first, second, third))
    with stage.work() as session:
        analysis = analysis_of(session.get_one(Paper, paper_id))
    assert analysis.paper is not None
    agree(analysis.paper, paper_by_numpy(EARNED))
    for column, row in enumerate(analysis.rows):
        assert row.figures is not None
        agree(row.figures, item_by_numpy(EARNED, column))
