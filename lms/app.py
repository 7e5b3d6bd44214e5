"""create_app: the one place that knows every module.

Each module's `setup` takes it in: its pages, the events it hears, and the kinds it registers with modules below. What
needs the whole house is said here: the order of modules, the cards of the home page, and the navigation.
"""

from flask import Flask, g
from flask_wtf.csrf import CSRFProtect
from werkzeug.middleware.proxy_fix import ProxyFix

from lms.accounts import setup as accounts
from lms.calls import cards as calls_cards
from lms.calls import setup as calls
from lms.cases import setup as cases
from lms.config import Config
from lms.core import (
    assets,
    clock,
    cookies,
    db,
    errors,
    health,
    i18n,
    logs,
    navigation,
    offline,
    proofs,
    sessions,
    site,
    sweeping,
    web,
)
from lms.core.i18n import lazy_gettext as _l
from lms.core.navigation import Menu, Place
from lms.core.web import Academy, roles
from lms.courses import setup as courses
from lms.coverage import cards as coverage_cards
from lms.coverage import setup as coverage
from lms.drafts import setup as drafts
from lms.feedback import queries as feedback_queries
from lms.feedback import setup as feedback
from lms.home import cards as home_cards
from lms.home import learning, owing
from lms.home import setup as home
from lms.home.cards import Card
from lms.hours import setup as hours
from lms.mentoring import files as mentoring_files
from lms.mentoring import next_steps as mentoring_next
from lms.mentoring import setup as mentoring
from lms.mentors import setup as mentors
from lms.notices import cards as notices_cards
from lms.notices import setup as notices
from lms.pairing import cards as pairing_cards
from lms.pairing import setup as pairing
from lms.people import setup as people
from lms.policies import setup as policies
from lms.quizzes import setup as quizzes
from lms.records import sections as records_sections
from lms.records import setup as records
from lms.reports import setup as reports
from lms.roster import setup as roster
from lms.units import setup as units
from lms.workforce import setup as workforce

#: Every module with pages, from the ground up: a module's `setup` opens its doors to those below it.
MODULES = (
    units,
    people,
    accounts,
    notices,
    roster,
    hours,
    policies,
    quizzes,
    courses,
    cases,
    mentors,
    mentoring,
    pairing,
    drafts,
    calls,
    coverage,
    records,
    workforce,
    reports,
    feedback,
    home,
)

#: What modules beside and below `records` know for a person's learning file.
FILE_SECTIONS = (
    records_sections.Section("mentoring", _l("导师帮带"), mentoring_files.read),
    records_sections.Section(
        "feedback", _l("意见与投诉"), records_sections.same_for_all(feedback_queries.file_of), own_only=True
    ),
)

#: Pages of other modules that belong to a place of the navigation.
LEARNING_RECORD = ("hours.record", "statements.mine", "records.mine", "records.my", "records.propose", "policies.mine")
OWN_MENTORING = (
    "mentoring.",
    "mentors.",
    "mentors.mine",
    "mentors.apply",
    "pairing.",
    "pairing.mine",
    "pairing.choose",
    "pairing.wishes",
)
ABOUT_PEOPLE = ("people.", "records.file_of", "hours.ledger", "duties.")


def create_app(config: Config) -> Flask:
    """The application for `config`: complete, or an exception that says what is missing."""
    logs.configure(config.env)
    clock.use_zone(config.timezone)
    app = Academy("lms", static_folder=None)
    _configure(app, config)
    app.extensions["database"] = db.connect(config.database_url, pool_size=config.database_pool)
    sessions.init_app(app)
    web.init_app(app)
    CSRFProtect(app)
    i18n.init_app(app)
    assets.init_app(app)
    offline.init_app(app)
    errors.init_app(app)
    app.register_blueprint(health.bp)
    proofs.init_app(app)
    sweeping.init_app(app)
    for module in MODULES:
        module.init_app(app)
    records_sections.register(*FILE_SECTIONS)
    _fill_the_home_page(app)
    _lay_out_navigation(app)
    _add_globals(app)
    web.check_every_endpoint_is_declared(app)
    return app


def _configure(app: Flask, config: Config) -> None:
    app.config.update(
        LMS=config,
        SECRET_KEY=config.secret_key,
        SESSION_COOKIE_NAME=cookies.name_of("session", https=config.https),
        SESSION_COOKIE_SECURE=config.https,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_PATH="/",
        MAX_CONTENT_LENGTH=config.upload_mb * 1024 * 1024,
        MAX_FORM_MEMORY_SIZE=2 * 1024 * 1024,
        MAX_FORM_PARTS=2000,
        TRUSTED_HOSTS=list(config.trusted_hosts) or None,
        WTF_CSRF_TIME_LIMIT=None,  # a form left open for three hours still submits; the token ends with the sign-in
        WTF_I18N_ENABLED=False,  # WTForms' own messages follow the form's `locales`
        WTF_CSRF_SSL_STRICT=False,  # Referer is not always sent inside apps; the token and SameSite decide
        TESTING=config.env == "test",
    )
    app.jinja_env.trim_blocks = True
    app.jinja_env.lstrip_blocks = True
    if config.trusted_proxies:
        hops = config.trusted_proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops, x_host=0)  # type: ignore[method-assign]


def _fill_the_home_page(app: Flask) -> None:
    """Its cards, in their order."""
    home_cards.register(
        app,
        Card("coverage/_card.html", coverage_cards.read),
        Card("policies/_card.html", owing.read),
        Card("home/_learning.html", learning.read),
        Card("mentoring/_card.html", mentoring_next.card_of_home),
        Card("pairing/_card.html", pairing_cards.read),
        Card("calls/_card.html", calls_cards.read),
        Card("notices/_card.html", notices_cards.read),
    )


def _lay_out_navigation(app: Flask) -> None:
    """What everybody uses in the bar, what one runs in menus."""
    teaches, runs = roles("admin", "trainer"), roles("admin")
    navigation.lay_out(
        app,
        Place("home.index", _l("首页"), "home", area="home."),
        Place("courses.index", _l("课程"), "courses", area="courses."),
        Place("cases.index", _l("案例库"), "cases", area=("cases.", "drafts.", "calls.")),
        Place("hours.record", _l("我的学时"), "hours", area=LEARNING_RECORD),
        Place("mentoring.mine", _l("导师帮带"), "mentors", area=OWN_MENTORING),
        Menu(
            _l("培训管理"),
            "reports",
            (
                Place("coverage.index", _l("培训覆盖"), "reports", runs, area="coverage."),
                Place("policies.index", _l("培训要求"), "steps", teaches, area=("policies.i", "policies.a")),
                Place("reports.completion", _l("课程完成情况"), "courses", teaches, area="reports.c"),
                Place("records.index", _l("补录与证明"), "records", teaches, area="records."),
                Place(
                    "pairing.needs", _l("导师与结对"), "mentors", runs, area=("pairing.", "mentors.", "mentoring.unit")
                ),
                Place("calls.index", _l("案例征集"), "audience", teaches, area="calls."),
                Place("reviews.index", _l("案例评审"), "check", teaches, area="reviews."),
                Place("quizzes.essays", _l("问答题评分"), "edit", roles("trainer"), area="quizzes.essays"),
            ),
        ),
        Menu(
            _l("人员与单位"),
            "people",
            (
                Place("people.index", _l("人员"), "people", runs, area=ABOUT_PEOPLE),
                Place("workforce.show", _l("队伍结构"), "audience", runs, area="workforce."),
                Place("roster.index", _l("花名册"), "roster", runs, area="roster."),
                Place("units.index", _l("各级单位"), "units", teaches, area="units."),
            ),
        ),
        Menu(
            _l("站点"),
            "settings",
            (
                Place("feedback.inbox", _l("意见箱"), "note", runs, area="feedback.inbox"),
                Place("channels.index", _l("消息渠道"), "upload", runs, area="channels."),
                Place("reports.audit", _l("审计"), "audit", runs, area="reports.audit"),
            ),
        ),
    )


def _add_globals(app: Flask) -> None:
    @app.context_processor
    def reader() -> dict[str, object]:
        return {
            "actor": web.find_actor(),
            "site_name": site.name(),
            "navigation": navigation.navigation(),
            "locale": i18n.locale_name(),
            "language_tag": i18n.LANGUAGE_TAGS[i18n.locale_name()],
            "request_id": g.get("request_id"),
        }

    app.jinja_env.globals["icon_sprite"] = assets.path_of("icons.svg")
