"""Pages of policies: what is asked, since when, by whom; adopting; and what one owes oneself."""

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from lms.core import clock
from lms.core.errors import Denied
from lms.core.i18n import gettext as _
from lms.core.web import allow, arg_choice, current_actor, flash_done, require, roles, see, signed_in
from lms.people import queries as people
from lms.policies import access, actions, comparing, duties, policy_toml, queries, reading_file, recomputing
from lms.policies.faults import PolicyFaults
from lms.policies.forms import AdoptForm, EndPolicyForm
from lms.policies.rules import requirements_of
from lms.policies.wording import sentences
from lms.units import access as units

bp = Blueprint("policies", __name__, url_prefix="/policies", template_folder="templates")


@bp.get("/")
@allow(roles("admin", "trainer"))
def index() -> ResponseReturnValue:
    actor = current_actor()
    packs = [policy_toml.read_pack(name) for name in policy_toml.shipped()]
    return render_template(
        "policies/index.html",
        policies=queries.list_readable(actor),
        packs=packs,
        may_adopt=actor.has("admin"),
        marked=recomputing.count_marked(),
    )


@bp.get("/<id:policy_id>")
@allow(signed_in)
def show(policy_id: int) -> ResponseReturnValue:
    actor = current_actor()
    policy = access.get_policy(actor, policy_id)
    return render_template(
        "policies/show.html",
        policy=policy,
        requirements=requirements_of(policy.body).values(),
        sentences=sentences,
        versions=queries.list_versions(policy.unit_id, policy.name),
        beside=comparing.beside_above(policy),
        may_end=access.may_end(actor, policy),
    )


@bp.get("/packs/<string(maxlength=40):name>")
@allow(roles("admin", "trainer"))
def pack(name: str) -> ResponseReturnValue:
    if name not in policy_toml.shipped():
        raise Denied()
    text = policy_toml.read_pack(name)
    versions = [(version, requirements_of(version.body).values()) for version in text.versions]
    may_adopt = current_actor().has("admin")
    return render_template("policies/pack.html", text=text, versions=versions, sentences=sentences, may_adopt=may_adopt)


@bp.route("/adopt", methods=["GET", "POST"])
@allow(roles("admin"))
def adopt() -> ResponseReturnValue:
    actor, faults = current_actor(), None
    form = AdoptForm(pack=arg_choice("pack", policy_toml.shipped(), policy_toml.OPINION))
    form.pack.choices = reading_file.choices()
    form.unit.choices = people.role_units(actor)
    if form.validate_on_submit():
        unit = units.get_unit(actor, int(form.unit.data))
        with form.showing_refusal():
            try:
                text = reading_file.read(form.pack.data, form.file.data)
                added = actions.adopt(text, unit=unit, from_day=form.from_day.data, actor=actor, now=clock.now())
            except PolicyFaults as error:
                faults = error.faults
            else:
                flash_done(
                    _("%(unit)s已采用“%(title)s”。", unit=unit.name, title=text.title) if added else _("没有新的版本。")
                )
                return see("policies.index")
    wrong = bool(form.errors or faults)
    return render_template("policies/adopt.html", form=form, faults=faults), 422 if wrong else 200


@bp.route("/<id:policy_id>/end", methods=["GET", "POST"])
@allow(roles("admin"))
def end(policy_id: int) -> ResponseReturnValue:
    actor = current_actor()
    policy = access.get_policy(actor, policy_id)
    require(access.may_end(actor, policy))
    form = EndPolicyForm(last_day=clock.today())
    if form.validate_on_submit():
        with form.showing_refusal():
            actions.end(policy, last_day=form.last_day.day, actor=actor, now=clock.now())
            flash_done(_("已登记终止日，已经开始的周期照旧到期。"))
            return see("policies.show", policy_id=policy.id)
    return render_template("policies/end.html", form=form, policy=policy), 422 if form.errors else 200


@bp.get("/mine")
@allow(signed_in)
def mine() -> ResponseReturnValue:
    actor = current_actor()
    person_id = actor.person_id or 0
    known = duties.list_duties(person_id)
    return render_template(
        "policies/mine.html",
        duties=known,
        entries=queries.entries_by_id(person_id, duties.entry_ids(known)),
        exemptions=queries.list_exemptions(person_id),
    )
