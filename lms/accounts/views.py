"""Signing in and out, one's password, the language, and forms that waited for their author.

The page of one's own data is in `my_data`, what administrators do in `administration`; all three
share the blueprint of `blueprint`.
"""

from datetime import timedelta

from flask import redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from werkzeug.wrappers import Response

from lms.accounts import access, actions, parked_words, parking, proof, queries, sign_in, tries, waiting
from lms.accounts.blueprint import bp
from lms.accounts.forms import ChangePasswordForm, NewPasswordForm, SignInForm
from lms.accounts.models import Account
from lms.core import clock, cookies, db, offline
from lms.core.errors import BadInput
from lms.core.i18n import COOKIE, LOCALES
from lms.core.i18n import gettext as _
from lms.core.web import allow, anyone, current_actor, find_actor, flash_done, see, signed_in

LANGUAGE_COOKIE_LIFETIME = timedelta(days=365)


# Signing in and out


@bp.get("/sign-in", endpoint="sign_in")
@allow(anyone)
def show_sign_in() -> ResponseReturnValue:
    target = waiting.next_path(request.args.get("next"))
    if sign_in.find_row() is not None:
        return redirect(target, 303)
    return render_template("accounts/sign_in.html", form=waiting.form_for(target), **waiting.context())


@bp.post("/sign-in")
@allow(anyone)
def start_sign_in() -> ResponseReturnValue:
    form, now = SignInForm(), clock.now()
    if not form.validate():
        return render_template("accounts/sign_in.html", form=form, **waiting.context()), 422
    db.keep_despite_refusal()  # a wrong try is a fact, though the answer is a refusal
    result = proof.prove(form.name.data or "", form.secret.data or "", browser=_browser(), now=now)
    if result.account is not None:
        return _enter(result.account, waiting.next_path(form.next.data))
    page = render_template("accounts/sign_in.html", form=form, result=result, **waiting.context())
    return waiting.answer(page, result.wait)


@bp.post("/sign-out")
@allow(anyone)
def sign_out() -> ResponseReturnValue:
    """Open to anyone: a second click, or a sign-in that is over already, is no error."""
    sign_in.leave(now=clock.now())
    flash_done(_("您已退出登录。"))
    response = see("accounts.sign_in")
    response.headers["Clear-Site-Data"] = offline.FORGET
    return response


def _enter(account: Account, target: str) -> Response:
    """Start the sign-in, and go where this browser was going: first to a password, then to what waits."""
    now, parked_id = clock.now(), session.get(waiting.PARKED)
    row = sign_in.start(account, now=now)
    if any(parked.id == parked_id for parked in queries.list_parked(account.id, now=now)):
        target = url_for("accounts.parked", parked_id=parked_id)
    if account.password_hash is None:
        target = url_for("accounts.password", next=target)
    response = redirect(target, 303)
    sign_in.set_known_browser(response, tries.known_browser_cookie(account.sign_in, sign_in.known_browser()))
    if row.id % 500 == 0:  # now and then, so that it needs no job of its own
        tries.sweep(now=now)
        parking.sweep(now=now)
    return response


# The password


@bp.get("/password", endpoint="password")
@allow(signed_in)
def show_password() -> ResponseReturnValue:
    account = queries.get_account(current_actor())
    return render_template("accounts/password.html", form=_password_form(account), account=account)


@bp.post("/password")
@allow(signed_in)
def change_password() -> ResponseReturnValue:
    actor, now = current_actor(), clock.now()
    account = queries.get_account(actor)
    form, result = _password_form(account), None
    if form.validate():
        if isinstance(form, ChangePasswordForm):
            db.keep_despite_refusal()  # guessing the present password is a try like any other
            result = proof.confirm(account, form.present.data or "", browser=_browser(), now=now)
        if result is None or result.account is not None:
            with form.showing_refusal():
                actions.choose_password(
                    account, form.password.data or "", spare=sign_in.find_id(), actor=actor, now=now
                )
                flash_done(_("密码已经设好，其他设备上的登录都已退出。"))
                return redirect(waiting.next_path(form.next.data), 303)
    page = render_template("accounts/password.html", form=form, account=account, result=result, **waiting.context())
    return waiting.answer(page, result.wait if result else timedelta())


def _password_form(account: Account) -> NewPasswordForm:
    """The first password needs no present one: the one-time code has just been proof enough."""
    kind = NewPasswordForm if account.password_hash is None else ChangePasswordForm
    return kind(next=request.args.get("next"))


# The language


@bp.post("/language")
@allow(anyone)
def language() -> ResponseReturnValue:
    locale = request.form.get("locale", "")
    if locale not in LOCALES:
        raise BadInput(_("没有这种语言。"))
    actor = find_actor()
    if actor is not None:
        actions.choose_language(locale, actor=actor, now=clock.now())
    response = redirect(waiting.next_path(request.form.get("next")), 303)
    cookies.keep(response, COOKIE, locale, LANGUAGE_COOKIE_LIFETIME)
    return response


# Forms that waited


@bp.get("/parked/<id:parked_id>")
@allow(signed_in)
def parked(parked_id: int) -> ResponseReturnValue:
    form = access.get_parked(current_actor(), parked_id)
    said, choices = parked_words.read(form.fields)
    left_out = parked_words.left_out(form.left_out)
    return render_template("accounts/parked.html", parked=form, said=said, choices=choices, left_out=left_out)


@bp.post("/parked/<id:parked_id>/discard")
@allow(signed_in)
def discard_parked(parked_id: int) -> ResponseReturnValue:
    parking.discard(access.get_parked(current_actor(), parked_id))
    flash_done(_("暂存的内容已经删除。"))
    return redirect(waiting.START, 303)


def _browser() -> proof.Browser:
    return proof.Browser(request.remote_addr, sign_in.known_browser(), session.get("csrf_token", ""))
