"""Pages of review: what waits for me, a round with its case, the score sheet, and how a case fares for its authors."""

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from lms.calls import (
    access,
    actions,
    conflicts,
    deciding,
    experts,
    forms,
    passages,
    queries,
    review_pages,
)
from lms.calls.models import CaseReview
from lms.calls.review_pages import round_page
from lms.core import clock
from lms.core.forms import SelectChoice
from lms.core.i18n import gettext as _
from lms.core.web import Actor, allow, arg_text, current_actor, flash_done, roles, see, signed_in

bp = Blueprint("reviews", __name__, url_prefix="/reviews", template_folder="templates")
bp.context_processor(review_pages.words)


@bp.get("/")
@allow(signed_in)
def index() -> ResponseReturnValue:
    actor = current_actor()
    return render_template(
        "calls/queue.html",
        to_score=queries.list_to_score(actor),
        to_decide=queries.list_to_decide(actor),
        accepted=queries.list_decided(actor),
        below=queries.list_below(actor),
    )


@bp.get("/<id:review_id>")
@allow(signed_in)
def show(review_id: int) -> ResponseReturnValue:
    actor = current_actor()
    return render_template("calls/review.html", **round_page(actor, access.get_review(actor, review_id)))


@bp.post("/<id:review_id>/comments")
@allow(roles("admin", "trainer"))
def comment(review_id: int) -> ResponseReturnValue:
    actor = current_actor()
    review = access.get_decided(actor, review_id)
    form = forms.CommentForm()
    passage = passages.find_passage(review.case, review.version, form.at.data or "")
    if form.validate_on_submit() and passage is not None:
        with form.showing_refusal():
            deciding.comment(review, passage, text=form.text.data or "", actor=actor, now=clock.now())
            flash_done(_("批注已保存。"))
            return see("reviews.show", review_id=review.id, _anchor=passage.anchor)
    return render_template("calls/review.html", **round_page(actor, review, comment_form=form, at=passage)), 422


@bp.post("/<id:review_id>/comments/<id:comment_id>/removal")
@allow(roles("admin", "trainer"))
def remove_comment(review_id: int, comment_id: int) -> ResponseReturnValue:
    actor = current_actor()
    review = access.get_decided(actor, review_id)
    written = access.get_comment(review, comment_id)
    if forms.PressForm().validate_on_submit():
        deciding.remove_comment(review, written, actor=actor, now=clock.now())
        flash_done(_("批注已删去。"))
    return see("reviews.show", review_id=review.id)


@bp.post("/<id:review_id>/decision")
@allow(roles("admin", "trainer"))
def decide(review_id: int) -> ResponseReturnValue:
    actor = current_actor()
    review = access.get_decided(actor, review_id)
    form = forms.DecisionForm()
    if form.validate_on_submit():
        with form.showing_refusal():
            _decide(review, form.decision.data, form.reason.data or "", actor)
            flash_done(_("决定已保存，作者会收到消息。"))
            return see("reviews.show", review_id=review.id)
    return render_template("calls/review.html", **round_page(actor, review, decision_form=form)), 422


def _decide(review: CaseReview, decision: str, reason: str, actor: Actor) -> None:
    now = clock.now()
    if decision == "return":
        deciding.return_case(review, reason=reason, actor=actor, now=now)
    elif decision == "decline":
        deciding.decline(review, reason=reason, actor=actor, now=now)
    else:
        deciding.accept(review, reason=reason, actor=actor, now=now)
    if decision == "recommend":
        deciding.recommend(review, actor=actor, now=now)


@bp.post("/<id:review_id>/recommendation")
@allow(roles("admin", "trainer"))
def recommend(review_id: int) -> ResponseReturnValue:
    actor = current_actor()
    review = access.get_decided(actor, review_id)
    form = forms.PressForm()
    if form.validate_on_submit():
        with form.showing_refusal():
            deciding.recommend(review, actor=actor, now=clock.now())
            flash_done(_("已推荐到上级。"))
            return see("reviews.show", review_id=review.id)
    return render_template("calls/review.html", **round_page(actor, review, refused=form)), 422


@bp.post("/<id:review_id>/publication")
@allow(roles("admin"))
def publish(review_id: int) -> ResponseReturnValue:
    actor = current_actor()
    review = access.get_decided(actor, review_id, "admin")
    form = forms.PressForm()
    if form.validate_on_submit():
        with form.showing_refusal():
            deciding.publish(review, actor=actor, now=clock.now())
            flash_done(_("案例已发布，登录的人都能读到。"))
            return see("cases.show", slug=review.case.slug)
    return render_template("calls/review.html", **round_page(actor, review, refused=form)), 422


@bp.route("/<id:review_id>/experts", methods=["GET", "POST"])
@allow(roles("admin"))
def assign(review_id: int) -> ResponseReturnValue:
    actor = current_actor()
    review = access.get_decided(actor, review_id, "admin")
    conflicts.refuse_conflict(review.case, actor.person_id)
    words = arg_text("q", 40)
    found = experts.list_candidates(actor, review, words)
    form = forms.PersonForm()
    form.person.choices = [SelectChoice(str(one.person_id), one.name) for one in found]
    if form.validate_on_submit():
        with form.showing_refusal():
            person = experts.get_candidate(actor, review, int(form.person.data))
            experts.assign(review, person, actor=actor, now=clock.now())
            flash_done(_("已请 %(name)s 打分。", name=person.name))
            return see("reviews.assign", review_id=review.id)
    seats = access.standing(review)
    page = render_template("calls/experts.html", review=review, form=form, words=words, found=found, seats=seats)
    return page, 422 if form.errors else 200


@bp.post("/<id:review_id>/experts/<id:expert_id>/removal")
@allow(roles("admin"))
def release(review_id: int, expert_id: int) -> ResponseReturnValue:
    actor = current_actor()
    review = access.get_decided(actor, review_id, "admin")
    expert = access.get_expert(review, expert_id)
    if forms.PressForm().validate_on_submit():
        experts.release(review, expert, actor=actor, now=clock.now())
        flash_done(_("这位专家已撤下，不再看得到案例。"))
    return see("reviews.assign", review_id=review.id)


@bp.route("/<id:review_id>/score", methods=["GET", "POST"])
@allow(signed_in)
def score(review_id: int) -> ResponseReturnValue:
    actor = current_actor()
    review = access.get_review(actor, review_id)
    seat = access.get_own_seat(actor, review)
    form = forms.score_form()
    if form.validate_on_submit():
        with form.showing_refusal():
            remark = form.remark.data or ""
            experts.score(review, seat, points=form.points, remark=remark, actor=actor, now=clock.now())
            flash_done(_("分数已交，谢谢您。"))
            return see("reviews.score", review_id=review.id)
    page = round_page(actor, review, form=form, seat=seat, shared=experts.result_of(review))
    return render_template("calls/score.html", **page), 422 if form.errors else 200


@bp.get("/cases/<slug>", endpoint="progress")
@allow(signed_in)
def progress_of(slug: str) -> ResponseReturnValue:
    """Where a case stands, what comes next, and what each round said: for its authors and its unit."""
    case = access.get_followed(current_actor(), slug)
    return render_template("calls/progress.html", **review_pages.progress_page(case))


@bp.post("/cases/<slug>/submission")
@allow(signed_in)
def submit(slug: str) -> ResponseReturnValue:
    """Lay a draft before its unit, without a call."""
    actor = current_actor()
    case = access.get_followed(actor, slug)
    if forms.PressForm().validate_on_submit():
        actions.submit(case, actor=actor, now=clock.now())
        flash_done(_("案例已经提交，评审有了结果会告诉作者。"))
    return see("reviews.progress", slug=slug)


@bp.post("/cases/<slug>/withdrawal")
@allow(signed_in)
def withdraw(slug: str) -> ResponseReturnValue:
    """Take a case back while it is judged."""
    actor = current_actor()
    case = access.get_followed(actor, slug)
    form = forms.WithdrawForm()
    if form.validate_on_submit():
        with form.showing_refusal():
            actions.withdraw(case, reason=form.reason.data or "", actor=actor, now=clock.now())
            flash_done(_("案例已撤回，评审中止。"))
            return see("reviews.progress", slug=slug)
    return render_template("calls/progress.html", **review_pages.progress_page(case, form=form)), 422
