"""Mentors, rounds of pairing, and pairs."""

from __future__ import annotations

from tests.whole.line import ALICE, TODAY, Line

PAIR = {"pairing_id": "pair"}
OUTSIDER = {"mentor_id": "outsider"}
PROFILE = {"background": "outside", "abilities": "mediation"}
ROUND = {"round_id": "round"}
IN_ROUND = {"round_id": "round", "person_id": "newcomer"}
PROPOSAL = {"proposal_id": "proposal"}

LINES = (
    # mentoring: Tina mentors Alice, and Sun, whose card waits for her signature; 和平街道 looks after both pairs
    Line("mentoring.mine", "303 200 200 200 200 200"),
    Line("mentoring.show", "303 200 200 200 200 404", PAIR),
    Line("mentoring.growth_file", "303 200 200 200 200 404", ALICE),
    Line(
        "mentoring.card",
        "303 404 200/303 403 403 404",
        {"pairing_id": "new_pair"},
        {"goal_mediation": "独立调解", "mentor_does": "带教", "mentee_does": "学习"},
    ),
    Line("mentoring.sign", "303 404 303 403 403 404", {"pairing_id": "new_pair"}, {"revision": "1"}),
    Line("mentoring.print_card", "303 200 200 200 200 404", PAIR),
    Line("mentoring.add_plan_step", "303 303 303 403 403 404", PAIR, {"words": "旁听一次调解"}),
    Line("mentoring.tick_plan_step", "303 303 303 403 403 404", {**PAIR, "step_id": "plan_step"}, {"done": "1"}),
    Line(
        "mentoring.meet",
        "303 200/303 200/303 403 403 404",
        PAIR,
        {"held_on": TODAY, "minutes": "60", "method": "case_talk", "about": "一起看了一份卷宗", "token": "t"},
    ),
    Line("mentoring.confirm", "303 303 422 403 403 404", {**PAIR, "meeting_id": "meeting"}),
    Line("mentoring.withdraw", "303 422 303 403 403 404", {**PAIR, "meeting_id": "meeting"}),
    Line("mentoring.evaluate", "303 200/422 200/422 403 403 404", PAIR),
    Line("mentoring.pause", "303 200/303 200/303 200/303 200/303 404", PAIR, {"reason": "出差"}),
    Line("mentoring.resume", "303 422 422 422 422 404", PAIR),
    Line("mentoring.end", "303 200/303 200/303 200/303 200/303 404", PAIR, {"reason": "工作调整"}),
    Line("mentoring.complete", "303 403 403 303 303 404", PAIR),
    Line(
        "mentoring.hand_over",
        "303 403 403 200/303 200/303 404",
        PAIR,
        {"mentor": "@second_mentor", "starts_on": TODAY, "ends_on": "2027-03-01", "reason": "导师调离"},
    ),
    Line(
        "mentoring.note_lecture",
        "303 404 200/303 404 404 404",
        form={"held_on": TODAY, "title": "怎样劝和", "audience": "新入职人员"},
    ),
    Line("mentoring.confirm_lecture", "303 404 403 404 303 404", {"lecture_id": "lecture"}),
    Line("mentoring.unit", "303 403 403 200 200 404", query={"unit": "@street"}),
    Line("mentoring.unit_pairs", "303 403 403 200 200 404", query={"unit": "@street"}),
    Line("mentoring.unit_register", "303 403 403 200 200 404", query={"unit": "@street"}),
    Line("mentoring.export_register", "303 403 403 200 200 200"),
    Line("mentoring.unit_cards", "303 403 403 200 200 404", query={"unit": "@street"}),
    Line("mentoring.unit_lectures", "303 403 403 200 200 404", query={"unit": "@street"}),
    Line(
        "mentoring.note_unit_lecture",
        "303 403 403 200/303 200/303 404",
        where={"unit": "@street"},
        form={"mentor": "@second_mentor", "held_on": TODAY, "title": "怎样开居民会", "audience": "新入职人员"},
    ),
    # mentors and pairs of 和平街道: what tests/whole/scene_pairs.py arranged
    Line("mentors.index", "303 403 403 200 200 200"),
    Line(
        "mentors.invite",
        "303 403 403 200/303 200/303 200/422",
        form={**PROFILE, "name": "向导", "phone": "19955550009", "reach": "@street"},
    ),
    Line("mentors.show", "303 200 404 200 200 404", OUTSIDER),
    Line("mentors.edit", "303 403 404 200/303 200/303 404", OUTSIDER, {**PROFILE, "reach": "@street"}),
    Line("mentors.approve", "303 403 403 303 303 404", {"mentor_id": "applicant"}, {"reach": "@street"}),
    Line(
        "mentors.leave",
        "303 404 404 200/303 200/303 404",
        {"mentor_id": "applicant", "step": "refuse"},
        {"reason": "名额已满"},
    ),
    Line("mentors.come_back", "303 404 404 303 303 404", {"mentor_id": "invited", "step": "accept"}),
    Line("mentors.slip", "303 403 403 200 200 404", OUTSIDER),
    Line("mentors.household", "303 403 403 200/303 200/303 404", OUTSIDER, {"phone": "19900000001"}),
    Line("mentors.mine", "303 200 200 200 200 200"),
    Line("mentors.apply", "303 200/303 200/422 200/303 200/303 200/303", form=PROFILE),
    Line("mentors.ask", "303 303 303 303 303 303", form={"abilities": "mediation"}),
    Line("mentors.withdraw", "303 303 303 303 303 303", quiet="nothing was asked for"),
    Line("mentors.ask_for", "303 403 403 303 303 404", ALICE),
    Line("pairing.needs", "303 403 403 200 200 404", query={"unit": "@street"}),
    Line("pairing.places", "303 403 403 200 200 200"),
    Line("pairing.index", "303 403 403 200 200 200"),
    Line(
        "pairing.new",
        "303 403 403 200/303 200/303 200/422",
        form={"unit": "@street", "reasons": "newcomer", "starts_on": TODAY, "ends_on": "2027-03-01"},
    ),
    Line("pairing.round", "303 403 403 200 200 404", ROUND),
    Line("pairing.mentee", "303 403 403 200 200 404", IN_ROUND),
    Line("pairing.fix", "303 403 403 303 303 404", IN_ROUND, {"mentor": "@outsider"}),
    Line("pairing.exclude", "303 403 403 303 303 404", {**IN_ROUND, "what": "without"}),
    Line("pairing.without_mentor", "303 403 403 303 303 404", {**ROUND, **OUTSIDER}),
    Line("pairing.undo", "303 403 403 303 303 404", {**ROUND, "change_id": "round_change"}),
    Line("pairing.again", "303 403 403 303 303 404", ROUND),
    Line("pairing.send", "303 403 403 303 303 404", ROUND),
    Line("pairing.close", "303 403 403 303 303 404", ROUND),
    Line(
        "pairing.by_hand",
        "303 403 403 200/303 200/303 200/422",
        form={"mentor": "@outsider", "phone": "19900000002", "starts_on": TODAY, "ends_on": "2027-03-01"},
    ),
    Line("pairing.note", "303 403 403 200/303 200/303 404", PROPOSAL, {"side": "mentor", "answer": "accept"}),
    Line("pairing.withdraw", "303 403 403 303 303 404", PROPOSAL),
    Line("pairing.departures", "303 403 403 200 200 200"),
    # Tina is active: nothing is to be decided of her pairs.
    Line("pairing.decide", "303 403 403 200/422 200/422 404", PAIR, {"choice": "keep", "reason": "照旧"}),
    Line("pairing.mine", "303 200 200 200 200 200"),
    Line("pairing.accept", "303 303 404 404 404 404", PROPOSAL),
    Line("pairing.decline", "303 200/303 404 404 404 404", PROPOSAL, {"reason": "太忙"}),
    Line("pairing.choose", "303 200 200 200 200 200"),
    Line("pairing.ask", "303 200/303 404 200/422 200/422 404", {"mentor_id": "second_mentor"}, {"note": "请多指教"}),
    Line("pairing.wishes", "303 200/303 200/422 200/303 200/303 200/422", {"side": "mentee"}, {"first": "@outsider"}),
)
