"""create_app: the one place that knows every module.

What must flow upwards is opened here: who the actor is, navigation, and the kinds that modules register with another.
"""

from flask import Flask, g
from flask_wtf.csrf import CSRFProtect
from werkzeug.middleware.proxy_fix import ProxyFix

from lms.accounts import parked_words
from lms.accounts import setup as accounts
from lms.accounts import use as accounts_use
from lms.config import Config
from lms.core import assets, clock, db, errors, health, i18n, jobs, logs, navigation, offline, site, web
from lms.core.i18n import lazy_gettext as _l
from lms.core.navigation import Menu, Place
from lms.core.web import Academy, roles
from lms.courses import actions as courses_actions
from lms.courses import pages as courses_pages
from lms.courses import regrades as courses_regrades
from lms.courses import telling as courses_telling
from lms.courses import traces as courses_traces
from lms.courses import views as courses_views
from lms.coverage import setup as coverage
from lms.coverage import telling as coverage_telling
from lms.feedback import kinds as feedback_kinds
from lms.feedback import views as feedback_views
from lms.home import cards as home_cards
from lms.home import learning
from lms.home import views as home_views
from lms.home.cards import Card
from lms.hours import statement_views
from lms.hours import traces as hours_traces
from lms.hours import views as hours_views
from lms.hours.events import ledger_changed
from lms.mentoring import files as mentoring_files
from lms.mentoring import jobs as mentoring_jobs
from lms.mentoring import next_steps as mentoring_next
from lms.mentoring import setup as mentoring
from lms.mentoring import telling as mentoring_telling
from lms.mentoring import traces as mentoring_traces
from lms.mentors import kinds as mentors_kinds
from lms.mentors import views as mentors_views
from lms.notices import cards as notices_cards
from lms.notices import kinds as notices_kinds
from lms.notices import setup as notices
from lms.notices import traces as notices_traces
from lms.pairing import cards as pairing_cards
from lms.pairing import jobs as pairing_jobs
from lms.pairing import kinds as pairing_kinds
from lms.pairing import setup as pairing
from lms.pairing import traces as pairing_traces
from lms.people import sections as people_sections
from lms.people import traces as people_traces
from lms.people import views as people_views
from lms.people.events import people_removed, posts_changed
from lms.policies import keeping as policies_keeping
from lms.quizzes import homes
from lms.quizzes import parked as quizzes_parked
from lms.quizzes import telling as quizzes_telling
from lms.quizzes import traces as quizzes_traces
from lms.quizzes import views as quizzes_views
from lms.quizzes.events import attempt_graded, attempt_regraded
from lms.records import file_views as records_files
from lms.records import kinds as records_kinds
from lms.records import own_sections as records_own
from lms.records import sections as records_sections
from lms.records import setup as records
from lms.records import traces as records_traces
from lms.reports import cards as reports_cards
from lms.reports import views as reports_views
from lms.roster import views as roster_views
from lms.units import views as units_views
from lms.units.actions import unit_moved

#: In a person's learning file, between what is below `records` and what is above.
MENTORING_SECTION = records_sections.Section("mentoring", _l("导师帮带"), mentoring_files.read)


def create_app(config: Config) -> Flask:
    """The application for `config`: complete, or an exception that says what is missing."""
    logs.configure(config.env)
    clock.use_zone(config.timezone)
    app = Academy("lms", static_folder=None)
    _configure(app, config)
    app.extensions["database"] = db.connect(config.database_url, pool_size=config.database_pool)
    web.init_app(app)
    CSRFProtect(app)
    i18n.init_app(app)
    assets.init_app(app)
    offline.init_app(app)
    errors.init_app(app)
    _register_modules(app)
    _add_globals(app)
    web.check_every_endpoint_is_declared(app)
    return app


def _configure(app: Flask, config: Config) -> None:
    app.config.update(
        LMS=config,
        SECRET_KEY=config.secret_key,
        SESSION_COOKIE_NAME="__Host-session" if config.https else "session",
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


def _register_modules(app: Flask) -> None:
    """Every module's pages, from the ground up."""
    app.register_blueprint(health.bp)
    accounts.init_app(app)
    notices.init_app(app)
    for views in (units_views, people_views, roster_views, hours_views, statement_views):
        app.register_blueprint(views.bp)
    for views in (quizzes_views, courses_views, reports_views, home_views, feedback_views):
        app.register_blueprint(views.bp)
    app.register_blueprint(mentors_views.bp)
    mentoring.init_app(app)
    pairing.init_app(app)
    records.init_app(app)
    coverage.init_app(app)
    _open_doors(app)
    _lay_out_navigation(app)


def _open_doors(app: Flask) -> None:
    """What flows upwards: events heard by modules above, and kinds that modules register with those below."""
    _hear_events()
    _name_kinds()
    _fill_the_home_page(app)
    jobs.register(app, mentoring_jobs.JOB, pairing_jobs.JOB)


def _hear_events() -> None:
    attempt_graded.connect(courses_actions.on_attempt_graded)
    attempt_regraded.connect(courses_regrades.on_attempt_regraded)
    attempt_regraded.connect(quizzes_telling.on_attempt_regraded)
    ledger_changed.connect(policies_keeping.on_ledger_changed)
    posts_changed.connect(policies_keeping.on_posts_changed)
    people_removed.connect(policies_keeping.on_people_removed)
    unit_moved.connect(policies_keeping.on_unit_moved)


def _name_kinds() -> None:
    parked_words.register(quizzes_parked.read)
    homes.register("course_revision", courses_pages.way_back)
    people_sections.register(people_sections.Section("hours/_section.html", hours_views.section_of))
    people_sections.register(people_sections.Section("mentoring/_section.html", mentoring_files.section_of))
    people_sections.register(people_sections.Section("records/_section.html", records_files.section_of))
    people_traces.register(accounts_use.USED)
    for traces in (hours_traces, courses_traces, quizzes_traces, notices_traces, mentoring_traces, records_traces):
        people_traces.register(*traces.ALL)
    for kinds in (feedback_kinds, quizzes_telling, courses_telling, coverage_telling):
        notices_kinds.register(*kinds.ALL)
    for kinds in (mentors_kinds, mentoring_telling, records_kinds):
        notices_kinds.register(*kinds.ALL)
    notices_kinds.register(*pairing_kinds.ALL)
    people_traces.register(*pairing_traces.ALL)
    records_sections.register(*records_own.ALL)
    records_sections.register(MENTORING_SECTION)


def _fill_the_home_page(app: Flask) -> None:
    """Its cards, in their order."""
    home_cards.register(
        app,
        Card("reports/_card.html", reports_cards.read),
        Card("home/_learning.html", learning.read),
        Card("pairing/_card.html", pairing_cards.read),
        Card("mentoring/_card.html", mentoring_next.card_of_home),
        Card("notices/_card.html", notices_cards.read),
    )


def _lay_out_navigation(app: Flask) -> None:
    """What everybody uses in the bar, what one runs in menus."""
    teaches, runs = roles("admin", "trainer"), roles("admin")
    navigation.lay_out(
        app,
        Place("home.index", _l("首页"), "home", area="home."),
        Place("courses.index", _l("课程"), "courses", area="courses."),
        Place("hours.record", _l("我的学时"), "hours", area="hours.record"),
        Place("mentoring.mine", _l("导师帮带"), "mentors", area="mentoring."),
        Menu(
            _l("培训管理"),
            "reports",
            (
                Place("coverage.index", _l("培训覆盖"), "reports", runs, area="coverage."),
                Place("reports.completion", _l("课程完成情况"), "courses", teaches, area="reports.c"),
                Place("records.index", _l("补录与证明"), "records", teaches, area="records."),
                Place("pairing.needs", _l("导师与结对"), "mentors", runs, area=("pairing.", "mentors.")),
                Place("quizzes.essays", _l("问答题评分"), "edit", roles("trainer"), area="quizzes.essays"),
            ),
        ),
        Menu(
            _l("人员与单位"),
            "people",
            (
                Place("people.index", _l("人员"), "people", runs, area="people."),
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

    app.context_processor(feedback_views.footer)

    app.jinja_env.globals["icon_sprite"] = assets.path_of("icons.svg")
