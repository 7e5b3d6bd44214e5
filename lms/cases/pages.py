"""What the page of a case shows: gathered here, because a GET and a refused POST show the same."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import url_for

from lms.cases import access, finding, forms, queries, showing, standing
from lms.cases.authors import list_names, list_printed
from lms.cases.finding import Inquiry
from lms.cases.kinds import CommunityKind, Facet, State, Theme
from lms.cases.models import Case, CaseVersion, Method, MethodVersion
from lms.core import clock
from lms.core.i18n import gettext as _
from lms.core.web import Actor, arg_choice, arg_int, arg_text
from lms.hours.kinds import Ability
from lms.units.models import Level

FIRST_YEAR, LAST_YEAR = 1900, 2100
LARGEST = 2**63 - 1


def read_inquiry() -> Inquiry:
    """What the address asks for.

    :raise BadInput: a value that no page of ours can have sent.
    """
    region = arg_int(Facet.REGION.value, 0, 1, LARGEST)
    year = arg_int(Facet.YEAR.value, 0, FIRST_YEAR, LAST_YEAR)
    chosen = {
        Facet.ABILITY: arg_choice(Facet.ABILITY.value, [one.value for one in Ability]),
        Facet.THEME: arg_choice(Facet.THEME.value, [one.value for one in Theme]),
        Facet.REGION: str(region or ""),
        Facet.LEVEL: arg_choice(Facet.LEVEL.value, [one.value for one in Level]),
        Facet.YEAR: str(year or ""),
        Facet.COMMUNITY: arg_choice(Facet.COMMUNITY.value, [one.value for one in CommunityKind]),
    }
    return Inquiry(arg_text("q"), {facet: value for facet, value in chosen.items() if value})


def finding_page(actor: Actor, inquiry: Inquiry, cursor: str) -> dict[str, Any]:
    """What is found, how it could be narrowed, and, where nothing is asked, what is new nearby."""
    counted = finding.count_facets(actor, inquiry)
    count = finding.count_cases(counted)
    near = finding.list_near(actor) if not inquiry and not cursor else []
    names = finding.name_region(actor, inquiry.chosen.get(Facet.REGION, ""))
    chosen = [(facet, finding.label_of(facet, value, names)) for facet, value in inquiry.chosen.items()]
    return {
        "inquiry": inquiry,
        "page": finding.list_cases(actor, inquiry, cursor=cursor),
        "facets": {facet: choices for facet, choices in counted.items() if facet not in inquiry.chosen},
        "count": count,
        "chosen": chosen,
        "methods": finding.find_methods(inquiry.terms) if not cursor else [],
        "near": near if len(near) < count else [],
    }


def case_page(actor: Actor, case: Case, version: CaseVersion) -> dict[str, Any]:
    """A version to read, what is known around it, and what may be done."""
    runs = access.may_run(actor, case)
    insider = access.sees_drafts(actor, case)
    follows = insider and access.may_write(actor, case)
    uses = queries.list_uses(case)
    return {
        "case": case,
        "version": version,
        "sections": showing.sections_of(case, version),
        "methods": queries.list_methods_of(version),
        "authors": list_printed(actor, version),
        "labels": queries.list_labels(case, version),
        "documents": queries.list_documents(version, originals=insider),
        "successor": queries.find_successor(actor, case) if case.state is State.SUPERSEDED else None,
        "related": finding.list_related(actor, case),
        "teaching": queries.list_teaching(actor, case),
        "uses": uses,
        "own_use": next((use for use in uses if use.unit_id == actor.unit_id), None),
        "may_use": case.is_public and actor.unit_id is not None and actor.unit_id != case.unit_id,
        "comments": queries.list_comments(case, actor, moderates=runs, cursor=arg_text("cursor", 2000)),
        "citation": citation(case, version),
        "runs": runs,
        "insider": insider,
        "follows": follows,
        "standing": standing.lines_of(case) if follows else [],
        "is_newest": version.number == case.latest_number,
        "is_public_version": version.number == case.published_number,
    }


def blank_forms() -> dict[str, Any]:
    return {"use_form": forms.UseForm(), "comment_form": forms.CommentForm(), "reason_form": forms.ReasonForm()}


def citation(case: Case, version: CaseVersion) -> str:
    """The line by which others cite it: who, what, where from, which version, under which address."""
    year = clock.local_date(case.published_at or version.created_at).year
    return _(
        "%(authors)s：《%(title)s》，%(place)s，社区学堂案例库，第 %(number)s 版，%(year)s 年。%(address)s",
        authors=_("、").join(list_names(version)) or version.place,
        title=version.title,
        place=version.place,
        number=version.number,
        year=year,
        address=url_for("cases.show", slug=case.slug, _external=True),
    )


def method_page(actor: Actor, method: Method, version: MethodVersion) -> dict[str, Any]:
    """A version of a method to read, and the cases that show the method."""
    runs = access.may_run_method(actor, method)
    return {
        "method": method,
        "version": version,
        "parts": method_parts(version.html),
        "cases": finding.list_using(actor, queries.cases_showing(method)),
        "versions": queries.list_method_versions(method),
        "runs": runs,
        "withdrawals": queries.list_withdrawals(method) if runs else [],
    }


def method_parts(html: Mapping[str, str]) -> list[tuple[str, str]]:
    """(heading, HTML) of the parts of a method that hold something."""
    headings = {"steps": _("步骤"), "fits": _("适用"), "unfit": _("不适用")}
    return [(heading, html[part]) for part, heading in headings.items() if html[part].strip()]
