"""Pages of quizzes: /quizzes/attempts/… for the one who answers, /quizzes/essays for trainers who mark."""

from __future__ import annotations

from flask import Blueprint, flash, jsonify, render_template, request, url_for
from flask.typing import ResponseReturnValue

from lms.core import clock
from lms.core.errors import BadInput, Denied
from lms.core.i18n import gettext as _
from lms.core.web import allow, arg_choice, arg_text, current_actor, flash_done, roles, see, signed_in
from lms.quizzes import access, actions, deadlines, forms, pages, queries, regrading
from lms.quizzes.questions import percent_text

bp = Blueprint("quizzes", __name__, url_prefix="/quizzes", template_folder="templates")

PAGE = "/attempts/<id:attempt_id>"

bp.add_app_template_filter(percent_text, "points")


@bp.get(PAGE)
@allow(signed_in)
def attempt(attempt_id: int) -> ResponseReturnValue:
    """The questions, all on one page; or, once it is over, the way to the result."""
    sitting = access.get_sitting(current_actor(), attempt_id)
    if not deadlines.is_open(sitting.attempt, clock.now()):
        return see("quizzes.result", attempt_id=attempt_id)
    return render_template("quizzes/attempt.html", **pages.attempt_page(sitting))


@bp.post(f"{PAGE}/answers/<id:position>")
@allow(signed_in)
def answer(attempt_id: int, position: int) -> ResponseReturnValue:
    """Keep one answer, and say in JSON what stands; a form without a script is led back to its question."""
    actor, now = current_actor(), clock.now()
    sitting, item = access.get_item(actor, attempt_id, position)
    scripted = request.accept_mimetypes.best == "application/json"
    claim = forms.read_claim(request.form)
    if deadlines.seconds_left(sitting.attempt, now) == 0:
        now = queries.moment_of_late(sitting, claim, now) or now
    if not deadlines.is_open(sitting.attempt, now):
        return (pages.closed_json(sitting), 409) if scripted else see("quizzes.result", attempt_id=attempt_id)
    saved = actions.save_answer(sitting, item, forms.read_save(item, request.form), actor=actor, now=now)
    if scripted:
        return jsonify(pages.saved_json(sitting, item, saved)), 409 if saved.state == "conflict" else 200
    return see("quizzes.attempt", attempt_id=attempt_id, _anchor=f"question-{position}")


@bp.post(f"{PAGE}/answers")
@allow(signed_in)
def answers(attempt_id: int) -> ResponseReturnValue:
    """Keep everything on the page, then go on to the confirmation or back to the questions."""
    actor, now = current_actor(), clock.now()
    sitting = access.get_sitting(actor, attempt_id, lock=True)
    if not deadlines.is_open(sitting.attempt, now):
        return see("quizzes.result", attempt_id=attempt_id)
    saves = forms.read_page(sitting.items, request.form)
    refused = actions.save_answers(sitting, saves, actor=actor, now=now)
    if refused:
        numbers = _("、").join(str(number) for number in refused)
        flash(_("第 %(numbers)s 题有更新的回答，已保留更新的；要改请在下面改。", numbers=numbers), "warning")
        return see("quizzes.attempt", attempt_id=attempt_id, _anchor=f"question-{refused[0]}")
    if request.form.get("then") == "submit":
        return see("quizzes.confirm", attempt_id=attempt_id)
    flash_done(_("答案已保存。"))
    return see("quizzes.attempt", attempt_id=attempt_id)


@bp.get(f"{PAGE}/submit")
@allow(signed_in)
def confirm(attempt_id: int) -> ResponseReturnValue:
    """What is still unanswered, and the button that hands in."""
    sitting = access.get_sitting(current_actor(), attempt_id)
    if not deadlines.is_open(sitting.attempt, clock.now()):
        return see("quizzes.result", attempt_id=attempt_id)
    return render_template("quizzes/confirm.html", **pages.confirm_page(sitting))


@bp.post(f"{PAGE}/submit")
@allow(signed_in)
def submit(attempt_id: int) -> ResponseReturnValue:
    """Hand in, once: however often it is sent, the reply is the way to the one result."""
    actor = current_actor()
    form = forms.SubmitForm()
    if not form.validate():
        raise BadInput(_("页面发来的数据不完整，请刷新后重试。"))
    sitting = access.get_sitting(actor, attempt_id, lock=True)
    actions.submit(sitting, token=form.token.data, actor=actor, now=clock.now())
    return see("quizzes.result", attempt_id=attempt_id)


@bp.get(f"{PAGE}/result")
@allow(signed_in, writes=True)
def result(attempt_id: int) -> ResponseReturnValue:
    """The score and the explanations. An attempt whose time is up is handed in by looking at it."""
    actor, now = current_actor(), clock.now()
    sitting = access.get_sitting(actor, attempt_id)
    if deadlines.is_open(sitting.attempt, now):
        return see("quizzes.attempt", attempt_id=attempt_id)
    if sitting.attempt.submitted_at is None:
        sitting = access.get_sitting(actor, attempt_id, lock=True)
        actions.submit(sitting, token=None, actor=actor, now=now)
    return render_template("quizzes/result.html", **pages.result_page(sitting))


@bp.get("/essays")
@allow(roles("trainer"))
def essays() -> ResponseReturnValue:
    """Answer papers whose essays wait for this trainer."""
    page = queries.list_to_mark(current_actor(), cursor=arg_text("cursor", 400) or None)
    return render_template("quizzes/essays.html", page=page, url=url_for("quizzes.essays"))


@bp.get("/essays/<id:attempt_id>")
@allow(roles("trainer"))
def marking(attempt_id: int) -> ResponseReturnValue:
    """The essays of one answer paper."""
    sitting = access.get_for_marking(current_actor(), attempt_id)
    return render_template("quizzes/marking.html", form=forms.MarkForm(), wrong=None, **pages.marking_page(sitting))


@bp.post("/essays/<id:attempt_id>/<id:position>")
@allow(roles("trainer"))
def mark(attempt_id: int, position: int) -> ResponseReturnValue:
    """Give one essay its mark."""
    actor = current_actor()
    sitting = access.get_for_marking(actor, attempt_id, lock=True)
    item = next((item for item in pages.essays(sitting) if item.position == position), None)
    if item is None:
        raise Denied()
    form = forms.MarkForm()
    if form.validate():
        with form.showing_refusal():
            percent, comment = form.percent.data or 0, form.comment.data or ""
            actions.mark_essay(sitting, item, percent=percent, comment=comment, actor=actor, now=clock.now())
            flash_done(_("评分已保存。"))
            return see("quizzes.marking", attempt_id=attempt_id)
    page = pages.marking_page(sitting)
    return render_template("quizzes/marking.html", form=form, wrong=position, **page), 422


@bp.get("/papers/<id:paper_id>/items")
@allow(roles("admin", "trainer"))
def items(paper_id: int) -> ResponseReturnValue:
    """Item analysis: what the answers say about each question."""
    paper = access.get_managed_paper(current_actor(), paper_id)
    every = arg_choice("attempts", ["first", "all"], "first") == "all"
    return render_template("quizzes/items.html", every=every, **pages.items_page(paper, every=every))


@bp.route("/papers/<id:paper_id>/questions/<id:position>/correction", methods=["GET", "POST"])
@allow(roles("admin", "trainer"))
def correct(paper_id: int, position: int) -> ResponseReturnValue:
    """Put a question right: write it, see who changes and how, confirm."""
    actor, now = current_actor(), clock.now()
    paper = access.get_managed_paper(actor, paper_id, lock=request.method == "POST")
    place, version = access.get_place(paper, position)
    form = forms.CorrectionForm(data={"text": pages.gift_of(version), "version": version.id})
    shown: dict[str, object] = {"form": form, **pages.correction_page(paper, place)}
    if form.validate_on_submit():
        with form.showing_refusal():
            given, expected = form.question(), form.version.data or 0
            if form.confirmed:
                reason = form.reason.data or ""
                regrading.correct(paper, place, given, expected=expected, reason=reason, actor=actor, now=now)
                flash_done(_("题目已更正，交过的答卷已重新评分。"))
                return see("quizzes.items", paper_id=paper_id, _anchor=f"item-{position}")
            preview = regrading.preview(paper, place, given, expected=expected, actor=actor, now=now)
            return render_template("quizzes/correct.html", preview=preview, **shown)
    return render_template("quizzes/correct.html", preview=None, **shown), 422 if form.is_submitted() else 200
