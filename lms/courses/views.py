"""Pages of courses: find one, study it lesson by lesson, hand in its checkpoints, go to its quiz.

A GET never writes: beginning a course, finishing a lesson and moving to a newer revision are buttons.
"""

from flask import Blueprint, Response, jsonify, redirect, render_template, request
from flask.typing import ResponseReturnValue

from lms.core import clock, files
from lms.core.errors import BadInput, Denied
from lms.core.fields import Lists
from lms.core.i18n import gettext as _
from lms.core.web import allow, arg_choice, arg_int, arg_text, current_actor, flash_done, roles, see, signed_in
from lms.courses import access, actions, forms, media, pages, queries
from lms.courses.forms import AnswerForm, BeginForm, FeedbackForm, PressForm, ReplyForm
from lms.courses.models import Opinion
from lms.courses.naming import name_of_page
from lms.hours.kinds import Ability, Tier, TrainingType

bp = Blueprint("courses", __name__, url_prefix="/courses", template_folder="templates")

#: How long a browser may keep a file of one revision: it never changes. Seconds.
KEEP = 7 * 24 * 3600
LARGEST_REVISION = 100_000


@bp.get("/")
@allow(signed_in)
def index() -> ResponseReturnValue:
    tier = arg_choice("tier", [tier.value for tier in Tier])
    ability = arg_choice("ability", [ability.value for ability in Ability])
    training_type = arg_choice("type", [kind.value for kind in TrainingType])
    filters = queries.Filters(
        tier=Tier(tier) if tier else None,
        ability=Ability(ability) if ability else None,
        training_type=TrainingType(training_type) if training_type else None,
        words=arg_text("q"),
    )
    page = queries.list_catalog(current_actor(), filters, cursor=arg_text("cursor", 2000))
    kinds = {"tiers": list(Tier), "abilities": list(Ability), "training_types": list(TrainingType)}
    return render_template("courses/index.html", page=page, filters=filters, **kinds)


@bp.get("/<id:course_id>")
@allow(signed_in)
def show(course_id: int) -> ResponseReturnValue:
    actor = current_actor()
    study = access.get_study(actor, course_id)
    return render_template("courses/show.html", form=PressForm(), **pages.course_page(study, actor))


@bp.get("/<id:course_id>/lessons/<id:position>")
@allow(signed_in)
def lesson(course_id: int, position: int) -> ResponseReturnValue:
    actor = current_actor()
    study = access.get_study(actor, course_id)
    found = access.get_lesson(study, position)
    return render_template("courses/lesson.html", form=PressForm(), **pages.lesson_page(study, found, actor))


@bp.post("/<id:course_id>/lessons/<id:position>/finish")
@allow(signed_in)
def finish(course_id: int, position: int) -> ResponseReturnValue:
    actor = current_actor()
    study = access.get_study(actor, course_id)
    found = access.get_lesson(study, position)
    form = PressForm()
    if form.validate_on_submit():
        with form.showing_refusal():
            actions.finish_lesson(study, found, actor=actor, now=clock.now())
            return redirect(pages.address_after(study, position), 303)
    return render_template("courses/lesson.html", form=form, **pages.lesson_page(study, found, actor)), 422


@bp.post("/<id:course_id>/lessons/<id:position>/checkpoint")
@allow(signed_in)
def checkpoint(course_id: int, position: int) -> ResponseReturnValue:
    actor = current_actor()
    study = access.get_study(actor, course_id)
    found = access.get_lesson(study, position)
    form = AnswerForm()
    token = request.form.get("token")
    if form.validate_on_submit():
        with form.showing_refusal():
            answer = Lists(request.form)
            actions.answer_checkpoint(study, found, answer, reading=token, actor=actor, now=clock.now())
            return see("courses.lesson", course_id=course_id, position=position, _anchor="checkpoint")
    page = "courses/transcript.html" if token and found.video else "courses/lesson.html"
    return render_template(page, form=form, token=token, **pages.lesson_page(study, found, actor)), 422


@bp.get("/<id:course_id>/lessons/<id:position>/transcript")
@allow(signed_in)
def transcript(course_id: int, position: int) -> ResponseReturnValue:
    """What a video says, to read: finishes the lesson by its checkpoint where the video cannot be played."""
    actor = current_actor()
    study = access.get_study(actor, course_id)
    found = access.get_lesson(study, position)
    page = pages.lesson_page(study, found, actor)
    if page["transcript"] is None:
        raise Denied()
    token = pages.reading_token(study, found)
    return render_template("courses/transcript.html", form=PressForm(), token=token, **page)


@bp.post("/<id:course_id>/lessons/<id:position>/watched")
@allow(signed_in)
def watch(course_id: int, position: int) -> ResponseReturnValue:
    """A script reports which parts of the lesson's video were played, and hears what stands."""
    actor = current_actor()
    study = access.get_study(actor, course_id)
    found = access.get_lesson(study, position)
    if not found.video:
        raise Denied()
    report = forms.read_report(request.form)
    standing = actions.report_watching(study, found, report, actor=actor, now=clock.now())
    return jsonify(pages.standing_json(standing))


@bp.get("/<id:course_id>/overview")
@allow(roles("admin", "trainer"))
def overview(course_id: int) -> ResponseReturnValue:
    """How the course does, for those who run it: counts, and no names."""
    study = access.get_run(current_actor(), course_id)
    number = arg_int("revision", study.newest.number, 1, LARGEST_REVISION)
    return render_template("courses/overview.html", study=study, **pages.overview_page(study, number))


@bp.post("/<id:course_id>/lessons/<id:position>/feedback")
@allow(signed_in)
def give_feedback(course_id: int, position: int) -> ResponseReturnValue:
    """One tap on how a finished lesson was."""
    actor = current_actor()
    study = access.get_study(actor, course_id)
    found = access.get_lesson(study, position)
    form = FeedbackForm()
    if form.validate_on_submit():
        with form.showing_refusal():
            opinion, sentence = Opinion(form.opinion.data), form.sentence.data or ""
            actions.give_feedback(found, opinion=opinion, sentence=sentence, actor=actor, now=clock.now())
            flash_done(_("谢谢，已经告诉编写课程的人。"))
            return see("courses.lesson", course_id=course_id, position=position, _anchor="feedback")
    return render_template("courses/lesson.html", form=form, **pages.lesson_page(study, found, actor)), 422


@bp.get("/<id:course_id>/feedback")
@allow(roles("admin", "trainer"))
def feedback(course_id: int) -> ResponseReturnValue:
    """What learners said of each lesson, for those who run the course."""
    study = access.get_run(current_actor(), course_id)
    number = arg_int("revision", study.newest.number, 1, LARGEST_REVISION)
    page = pages.feedback_page(study, number)
    return render_template("courses/feedback.html", study=study, form=ReplyForm(), wrong=None, **page)


@bp.post("/<id:course_id>/feedback/<id:lesson_id>")
@allow(roles("admin", "trainer"))
def reply(course_id: int, lesson_id: int) -> ResponseReturnValue:
    """Answer everyone who gave feedback on a lesson, once."""
    actor = current_actor()
    study = access.get_run(actor, course_id)
    found, number = access.get_lesson_of_course(study, lesson_id)
    form = ReplyForm()
    if form.validate_on_submit():
        with form.showing_refusal():
            actions.reply_to_feedback(study, found, text=form.text.data or "", actor=actor, now=clock.now())
            flash_done(_("答复已保存，说过意见的人都能看到。"))
            return see("courses.feedback", course_id=course_id, revision=number, _anchor=f"lesson-{lesson_id}")
    page = pages.feedback_page(study, number)
    return render_template("courses/feedback.html", study=study, form=form, wrong=lesson_id, **page), 422


@bp.post("/<id:course_id>/enroll")
@allow(signed_in)
def enroll(course_id: int) -> ResponseReturnValue:
    actor = current_actor()
    study = access.get_study(actor, course_id)
    form = BeginForm()
    if not form.validate_on_submit():
        raise BadInput()
    actions.enroll(study, actor=actor, now=clock.now())
    return see("courses.lesson", course_id=course_id, position=form.lesson.data or 1)


@bp.post("/<id:course_id>/quiz")
@allow(signed_in)
def quiz(course_id: int) -> ResponseReturnValue:
    actor = current_actor()
    study = access.get_study(actor, course_id)
    form = PressForm()
    if form.validate_on_submit():
        with form.showing_refusal():
            attempt = actions.start_quiz(study, actor=actor, now=clock.now())
            return see("quizzes.attempt", attempt_id=attempt.id)
    return render_template("courses/show.html", form=form, **pages.course_page(study, actor)), 422


@bp.post("/<id:course_id>/revision")
@allow(signed_in)
def move(course_id: int) -> ResponseReturnValue:
    actor = current_actor()
    study = access.get_study(actor, course_id)
    form = PressForm()
    if form.validate_on_submit():
        with form.showing_refusal():
            kept = actions.move_to_newest(study, actor=actor, now=clock.now())
            flash_done(_("已换到新版，内容没有变的 %(count)s 课仍算学完。", count=kept))
            return see("courses.show", course_id=course_id)
    return render_template("courses/show.html", form=form, **pages.course_page(study, actor)), 422


@bp.get("/<id:course_id>/along")
@allow(signed_in)
def along(course_id: int) -> ResponseReturnValue:
    """What a script fetches to take the course along, and how big that is."""
    return jsonify(pages.along_json(access.get_study(current_actor(), course_id)))


@bp.get("/<id:course_id>/files/<name>")
@allow(signed_in)
def file(course_id: int, name: str) -> Response:
    number = arg_int("revision", 0, 0, LARGEST_REVISION)
    found = access.get_file(current_actor(), course_id, name, number or None)
    response = files.send(found.file, private_seconds=KEEP if number else 0)
    if found.mime == media.PLAYLIST.mime and number:
        response = pages.playlist_of(found.file, response, number)
    response.mimetype = found.mime
    return response


@bp.get("/<id:course_id>/documents/<name>")
@allow(signed_in)
def document(course_id: int, name: str) -> ResponseReturnValue:
    actor = current_actor()
    number = arg_int("revision", 0, 0, LARGEST_REVISION)
    found = access.get_file(actor, course_id, name, number or None)
    if found.html is None:
        raise Denied()
    study = access.get_study(actor, course_id)
    title = name_of_page(found.html, name)
    return render_template("courses/document.html", study=study, found=found, name=name, title=title, number=number)
