"""How the application takes the module in: its pages, the count in the bar above, and a line of 我的数据."""

from typing import Any

from flask import Flask, g

from lms.accounts import my_data
from lms.core.i18n import lazy_gettext as _l
from lms.core.web import Actor, find_actor
from lms.notices import channel_views, queries, traces, views
from lms.people import traces as people_traces

#: A count above this one is shown as "99+".
MOST_SHOWN = 99


def init_app(app: Flask) -> None:
    app.register_blueprint(views.bp)
    app.register_blueprint(channel_views.bp)
    app.context_processor(lambda: {"unread_notices": unread_notices})
    my_data.register(app, _own_facts)
    people_traces.register(*traces.ALL)


def unread_notices() -> int:
    """How many, in one statement, which only a page that shows the number costs."""
    if "unread_notices" not in g:
        actor = find_actor()
        g.unread_notices = queries.count_unread(actor) if actor is not None else 0
    count: int = g.unread_notices
    return min(count, MOST_SHOWN + 1)


def _own_facts(actor: Actor) -> list[my_data.Fact]:
    row = queries.find_address(actor.person_id or 0)
    shown: Any = row.address if row else my_data.NOTHING
    return [my_data.Fact(_l("电子邮箱"), shown, _l("您自己填写"), _l("每周最多一封消息摘要"))]
