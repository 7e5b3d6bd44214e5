"""A policy file says what is wrong with it: the line, and the reason."""

from __future__ import annotations

import pytest

from lms.policies import policy_toml
from lms.policies.faults import PolicyFaults
from lms.policies.rules import requirements_of
from lms.policies.wording import sentences

PACK = (policy_toml.PACKS / "opinion-2024.toml").read_text(encoding="utf-8")
SECOND = """
[[version]]
number = 2
valid_from = 2025-01-01
[[version.requirement]]
key = "leaders-yearly"
title = "书记、主任每年培训"
who.posts = ["party_secretary"]
cycle.kind = "calendar_year"
counts.trainings = 1
"""


def faults_of(text: str) -> list[tuple[int | None, str]]:
    with pytest.raises(PolicyFaults) as refused:
        policy_toml.read(text)
    assert all(fault.message for fault in refused.value.faults)
    return [(fault.line, fault.code) for fault in refused.value.faults]


#: What was changed in the pack -> the line and the fault.
CASES = [
    ("name = \"opinion-2024\"", 'name = "Opinion 2024"', (3, "bad_name")),
    ("source =", "sauce =", (5, "unknown_key")),
    ("valid_from = 2024-01-01", 'valid_from = "2024"', (9, "not_date")),
    ("number = 1", "number = true", (8, "not_whole")),
    ('"committee_director", "secretary_and_director"]\n\n[', '"mayor"]\n\n[', (17, "unknown_choice")),
    ("years = 3", "years = 0", (42, "zero_cycle")),
    ("years = 3", "years = 30", (42, "out_of_range")),
    ('kind = "calendar_year"', 'kind = "calendar_year"\nyears = 2', (21, "not_here")),
    ('kind = "calendar_year"', 'kind = "monthly"', (20, "unknown_choice")),
    ("trainings = 1\n", "", (22, "nothing_counts")),
    ("trainings = 1\n", "trainings = 0\n", (23, "out_of_range")),
    ("trainings = 1\n", 'hours = "0.125"\n', (23, "bad_hours")),
    ("trainings = 1\n", 'trainings = 1\ncaps = { course = "2" }\n', (24, "cap_alone")),
    ('key = "others-three-years"', 'key = "leaders-yearly"', (32, "key_twice")),
    ('exemptions = ["leave", "secondment", "illness"]', 'exemptions = ["leave", "leave"]', (14, "repeated")),
    ("newcomer_months = 6", "newcomer_months = -1", (28, "out_of_range")),
    ("[version.requirement.grace]", "[version.requirement.grace", (27, "toml")),
    ("trainings = 1\n", f"trainings = {'9' * 5000}\n", (23, "long_number")),
    ("trainings = 1\n", f"trainings = 0x{'f' * 5000}\n", (23, "out_of_range")),
    ("trainings = 1\n", f"trainings = {'[' * 5000}\n", (None, "too_deep")),
    ('exemptions = ["leave", ', f"exemptions = [0x{'f' * 5000}, ", (14, "unknown_choice")),
    ('exemptions = ["leave", ', f"exemptions = [{{ {'a.' * 5000}a = 1 }}, ", (14, "unknown_choice")),
]  # fmt: skip


@pytest.mark.parametrize(("old", "new", "expected"), CASES, ids=lambda value: str(value)[:30])
def test_a_fault_is_found_on_its_line(old, new, expected):
    assert old in PACK

    assert expected in faults_of(PACK.replace(old, new, 1))


def test_versions_that_overlap_are_refused_on_the_line_of_the_second():
    line = (PACK + SECOND).split("\n").index("number = 2") + 1

    assert faults_of((PACK + SECOND).replace("2025-01-01", "2024-01-01")) == [(line + 1, "overlap")]
    assert faults_of((PACK + SECOND).replace("number = 2", "number = 1")) == [(line, "number_order")]
    ended = PACK.replace("valid_from = 2024-01-01", "valid_from = 2024-01-01\nvalid_to = 2025-06-30") + SECOND
    assert (line + 2, "overlap") in faults_of(ended)
    assert len(policy_toml.read(PACK + SECOND).versions) == 2


@pytest.mark.parametrize("data", [b"", b"\xff\xfe", b"x" * 300_000, b"a = [" * 5000, b"name = 1"], ids=len)
def test_what_is_no_policy_is_refused_in_words(data):
    with pytest.raises(PolicyFaults) as refused:
        policy_toml.read_bytes(data)

    assert all(fault.message for fault in refused.value.faults)


@pytest.mark.parametrize("name", policy_toml.shipped())
def test_a_pack_is_sound_cites_its_source_and_says_what_it_asks(name):
    text = policy_toml.read_pack(name)

    assert text.source
    assert text.example == (name != policy_toml.OPINION)
    for version in text.versions:
        for requirement in requirements_of(version.body).values():
            assert len(sentences(requirement)) >= 3


def test_the_opinion_is_said_in_plain_sentences():
    leaders, others = requirements_of(policy_toml.read_pack(policy_toml.OPINION).versions[0].body).values()

    assert "要求：每个自然年，参加县级以上培训 1 次。" in sentences(leaders)
    assert "要求：每 3 年一个周期（2024—2026 年，依次类推），参加县级以上培训 1 次。" in sentences(others)
