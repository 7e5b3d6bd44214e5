"""What the pages of a draft show: gathered here, because a GET and a refused POST show the same."""

from __future__ import annotations

from typing import Any

from flask import url_for
from markupsafe import escape

from lms.cases import likeness, limits
from lms.cases.authors import list_authors
from lms.cases.kinds import Section, State
from lms.cases.rendering import below_heading, render
from lms.core import markdown
from lms.core.errors import BadInput
from lms.core.web import Actor
from lms.courses.prose import retarget
from lms.drafts import arranging, authorship, checking, destinations, fields, forms, holding, queries, remarks, similar
from lms.drafts.blocks import FOLDER
from lms.drafts.forms import DraftForm
from lms.drafts.keeping import CLOSED, Saved
from lms.drafts.models import CaseDraft

#: Blocks that one child renders: more would take it longer than it may.
AT_ONCE = 200


def blank_form(draft: CaseDraft) -> DraftForm:
    """The form with what the draft says."""
    said = {**fields.read(draft), "approach": draft.process, "based_on": draft.sequence}
    form = DraftForm(formdata=None, data=said)
    return form.offer(queries.list_method_names(draft.methods))


def write_page(actor: Actor, draft: CaseDraft, form: DraftForm, *, conflict: bool = False) -> dict[str, Any]:
    """The page to write in. After a conflict it shows what stands beside what was typed."""
    said = (
        fields.read(draft) if not form.is_submitted() else {name: form.of(name).data or "" for name in fields.SECTIONS}
    )
    authors = list_authors(draft.case)
    return {
        "draft": draft,
        "form": form,
        "authors": authors,
        "own": next((author for author in authors if author.person_id == actor.person_id), None),
        "may_discard": authorship.may_discard(actor, draft),
        "closed": draft.case.state in CLOSED,
        "returned": draft.case.state is State.RETURNED,
        "count": fields.count(said),
        "advised": limits.ADVISED,
        "pictures": [file for file in queries.list_files(draft) if not file.original],
        "original": queries.find_original(draft),
        "copies": queries.count_copies(draft),
        "picture_form": forms.PictureForm(formdata=None),
        "sections": [form.of(name) for name in fields.SECTIONS],
        "meant": destinations.find(actor, draft.case, draft.destination),
        "opinions": remarks.opinions_on(draft.case),
        "stands": lambda remark: likeness.stands(remark.quote, getattr(draft, remark.section)),
        "conflict": conflict,
        "other": fields.read(draft) if conflict else {},
    }


def saved_json(draft: CaseDraft, saved: Saved) -> dict[str, Any]:
    """The answer to a script: what stands now, and whose it is where it is not the page's."""
    said: dict[str, Any] = {"state": saved.state, "sequence": saved.sequence}
    if saved.state == "conflict":
        said["who"] = draft.saved_by.name if draft.saved_by else ""
    return said


def arrange_page(draft: CaseDraft) -> dict[str, Any]:
    """Each part of the Word file with its place, beside how it will look."""
    parts = [
        {"index": index, "block": block, "place": place, "html": html}
        for index, (block, place, html) in enumerate(zip(draft.blocks, draft.places, _looks(draft), strict=True))
    ]
    late = sum(block["kind"] == "late" for block in draft.blocks)
    lost = sum(block["kind"] == "lost" for block in draft.blocks)
    return {
        "draft": draft,
        "parts": parts,
        "places": forms.PLACE_LABELS,
        "late": late,
        "lost": lost,
        "left": [arranging.LEFT[block["markdown"]] for block in draft.blocks if block["kind"] == "left"],
        "edited": draft.sequence > draft.arranged_sequence,
        "original": queries.find_original(draft),
    }


def preview_page(draft: CaseDraft) -> dict[str, Any]:
    """The sections as readers will see them; a section that cannot be rendered says so."""
    texts = {section: below_heading(draft.text_of(section)) for section in Section}
    try:
        html, fault = render(texts), None
    except BadInput as error:
        html, fault = {section.value: "" for section in Section}, error.message
    rooted = {section: _rooted(draft, html[section.value]) for section in Section}
    return {"draft": draft, "sections": rooted, "fault": fault, "count": fields.count(fields.read(draft))}


def check_page(actor: Actor, draft: CaseDraft, form: forms.SubmitForm) -> dict[str, Any]:
    """What is missing, what may identify somebody, what is alike, and the form to hand it in."""
    names = [file.name for file in queries.list_files(draft)]
    lacks = checking.lacks_of(draft, names, list_authors(draft.case), queries.list_withdrawn_names(draft))
    places = checking.find_places(draft)
    return {
        "draft": draft,
        "form": form,
        "closed": draft.case.state in CLOSED,
        "held": holding.who_has(draft.case),
        "lacks": lacks,
        "labels": checking.FIELD_LABELS,
        "ready": not any(lack.stops for lack in lacks) and not any(one.finding.kind.is_certain for one in places),
        "places": places,
        "alike": similar.list_alike(actor, draft),
        "destinations": destinations.list_for(actor, draft.case),
    }


def _looks(draft: CaseDraft) -> list[str]:
    """Every block by itself as HTML; where one is too much, all of them as text."""
    texts = [arranging.markdown_of(block) for block in draft.blocks]
    try:
        pages = [html for at in range(0, len(texts), AT_ONCE) for html in markdown.render_all(texts[at : at + AT_ONCE])]
    except BadInput:
        return [f"<p>{escape(' '.join(block['plain']))}</p>" for block in draft.blocks]
    return [_rooted(draft, html) for html in pages]


def _rooted(draft: CaseDraft, html: str) -> str:
    def address(name: str) -> str:
        return str(escape(url_for("drafts.file", draft_id=draft.id, name=name)))

    return retarget(html, address, FOLDER)
