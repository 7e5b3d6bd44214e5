"""Pages of a draft's authors: who is named, in which order, and whether they want to be."""

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from lms.core import clock
from lms.core.errors import Refused
from lms.core.i18n import gettext as _
from lms.core.web import allow, arg_text, current_actor, flash_done, see, signed_in
from lms.drafts import access, author_pages, authorship, forms
from lms.people import access as people

bp = Blueprint("authors", __name__, url_prefix="/drafts", template_folder="templates")

PAGE = "/<id:draft_id>/authors"


@bp.get(PAGE)
@allow(signed_in)
def show(draft_id: int) -> ResponseReturnValue:
    actor = current_actor()
    return render_template("drafts/authors.html", **author_pages.authors_page(actor, access.get_draft(actor, draft_id)))


@bp.post(PAGE)
@allow(signed_in)
def add(draft_id: int) -> ResponseReturnValue:
    """Name a colleague, one of those whom the page found."""
    actor = current_actor()
    draft = access.get_draft(actor, draft_id, lock=True)
    form = forms.ColleagueForm()
    if form.validate():
        with form.showing_refusal():
            person = people.find_known(actor, form.person.data or 0, arg_text("q", 40))
            if person is None:
                raise Refused(_("名单里没有这个人，请重新查找。"))
            authorship.add_colleague(draft, person, actor=actor, now=clock.now())
            flash_done(_("已加上 %(name)s，会有消息告诉本人。", name=person.name))
            return see("authors.show", draft_id=draft_id)
    return render_template("drafts/authors.html", **author_pages.authors_page(actor, draft, colleague_form=form)), 422


@bp.post(f"{PAGE}/names")
@allow(signed_in)
def add_name(draft_id: int) -> ResponseReturnValue:
    """Name somebody who is not on this site."""
    actor = current_actor()
    draft = access.get_draft(actor, draft_id, lock=True)
    form = forms.NameForm()
    if form.validate():
        with form.showing_refusal():
            authorship.add_name(draft, form.name.data or "", actor=actor, now=clock.now())
            flash_done(_("已加上 %(name)s。", name=form.name.data))
            return see("authors.show", draft_id=draft_id)
    return render_template("drafts/authors.html", **author_pages.authors_page(actor, draft, name_form=form)), 422


@bp.post(f"{PAGE}/<id:author_id>/moving")
@allow(signed_in)
def move(draft_id: int, author_id: int) -> ResponseReturnValue:
    actor = current_actor()
    draft = access.get_draft(actor, draft_id, lock=True)
    author, form = access.get_author(draft, author_id), forms.MoveForm()
    if form.validate() and authorship.move(draft, author, up=form.to.data == "up", actor=actor, now=clock.now()):
        flash_done(_("%(name)s 现在是第 %(number)s 作者。", name=author.printed, number=author.position))
    return see("authors.show", draft_id=draft_id, _anchor=f"author-{author_id}")


@bp.post(f"{PAGE}/<id:author_id>/removal")
@allow(signed_in)
def remove(draft_id: int, author_id: int) -> ResponseReturnValue:
    """Take an author off the list; to step back oneself is another page, which says what follows."""
    actor = current_actor()
    draft = access.get_draft(actor, draft_id, lock=True)
    author = access.get_author(draft, author_id)
    if author.person_id is not None and author.person_id == actor.person_id:
        return see("authors.answer", slug=draft.case.slug)
    if forms.PressForm().validate():
        authorship.remove(draft, author, actor=actor, now=clock.now())
        flash_done(_("已移出作者：%(name)s。", name=author.printed))
    return see("authors.show", draft_id=draft_id)


@bp.route("/of/<slug>/naming", methods=["GET", "POST"])
@allow(signed_in)
def answer(slug: str) -> ResponseReturnValue:
    """One's own place among the authors: agree, decline, come back."""
    actor = current_actor()
    case, place = access.get_own_place(actor, slug)
    form = forms.AnswerForm()
    if form.validate_on_submit() and form.answer.data in author_pages.answers_to(place):
        with form.showing_refusal():
            authorship.ANSWERS[form.answer.data](case, place, actor=actor, now=clock.now())
            flash_done(author_pages.SAID[form.answer.data])
            return see("authors.answer", slug=slug)
    page = author_pages.named_page(case, place)
    return render_template("drafts/named.html", form=form, **page), 422 if form.is_submitted() else 200
