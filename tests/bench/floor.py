"""The floor: a bare Flask view that runs as many statements, and renders a page as long, as the view it stands for.

Its statements are what a first draft would say: one object read, or one written, through SQLAlchemy's session.
"""

from __future__ import annotations

from dataclasses import dataclass

from flask import Flask, render_template
from jinja2 import DictLoader
from sqlalchemy import Engine, String, select
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column

from tests.bench.calls import Statements

ROWS = 50
WORDS = "清河区和平街道光明社区"


class Base(DeclarativeBase):
    """Its own metadata: the floor's table is no table of the site."""


class Row(Base):
    __tablename__ = "bench_floor"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(40), default=WORDS)
    summary: Mapped[str] = mapped_column(String(40), default=WORDS)
    place: Mapped[str] = mapped_column(String(40), default=WORDS)
    remark: Mapped[str] = mapped_column(String(40), default=WORDS)


# A line of a list as pages have them: a link, two values, some markup.
PAGE = """<!doctype html><html lang="zh-Hans-CN"><head><title>{{ title }}</title></head><body><main><ul>
{% for line in lines %}
<li class="course-card">
<h2 class="course-card__title"><a href="{{ url_for('floor', page=line.id) }}">{{ line.text }}</a></h2>
<p class="course-card__summary">{{ line.text }} 一门面向社区工作者的课程，讲接待、倾听和记录。</p></li>
{% endfor %}
</ul></main></body></html>
"""
LINE_BYTES = 256


@dataclass(frozen=True)
class Shape:
    """What a view did, and what the floor therefore does."""

    reads: int
    writes: int
    page_bytes: int

    @classmethod
    def of(cls, statements: Statements, page: bytes) -> Shape:
        return cls(len(statements.reads), len(statements.writes), len(page))


def fill(engine: Engine) -> None:
    Base.metadata.create_all(engine)
    with Session(engine) as session, session.begin():
        if session.get(Row, 1) is None:
            session.add_all([Row() for _ in range(ROWS)])


def floor_app(engine: Engine, shape: Shape) -> Flask:
    app = Flask("floor", static_folder=None)
    app.jinja_loader = DictLoader({"page.html": PAGE})
    lines = [{"id": number, "text": "邻里纠纷调解六步法"} for number in range(max(1, shape.page_bytes // LINE_BYTES))]

    @app.route("/floor/<int:page>", methods=["GET", "POST"])
    def floor(page: int) -> str:
        with Session(engine) as session, session.begin():
            for number in range(shape.reads):
                session.scalars(select(Row).where(Row.id == number % ROWS + 1)).one()
            for _ in range(shape.writes):
                session.add(Row())
                session.flush()
        return render_template("page.html", title="社区学堂", lines=lines) if shape.page_bytes > LINE_BYTES else ""

    return app
