"""The floor: a bare Flask view that runs as many statements, and renders a page as long, as the view it stands for."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Flask, render_template
from jinja2 import DictLoader
from sqlalchemy import Column, Engine, Integer, MetaData, String, Table, bindparam, insert, select, update

from tests.bench.calls import Statements

ROWS = 50
scratch = Table(
    "bench_floor",
    MetaData(),
    Column("id", Integer, primary_key=True),
    *(Column(f"text_{number}", String(40), nullable=False) for number in range(6)),
)
READ = select(scratch).where(scratch.c.id == bindparam("wanted"))
WRITE = update(scratch).where(scratch.c.id == bindparam("wanted")).values(text_0=bindparam("text"))

# A line of a list as pages have them: a link, two values, some markup.
PAGE = """<!doctype html><html lang="zh-Hans-CN"><head><title>{{ title }}</title></head><body><main><ul>
{% for line in lines %}
<li class="course-card">
<h2 class="course-card__title"><a href="{{ url_for('floor', page=line.id) }}">{{ line.text }}</a></h2>
<p class="course-card__summary">{{ line.text }} 一门面向社区工作者的课程，讲接待、倾听和记录。</p></li>
{% endfor %}
</ul></main></body></html>
"""
LINE_BYTES = 330


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
    scratch.create(engine, checkfirst=True)
    with engine.begin() as connection:
        if connection.execute(READ, {"wanted": 1}).first() is None:
            texts = {f"text_{number}": "清河区和平街道光明社区" for number in range(6)}
            connection.execute(insert(scratch), [{"id": number, **texts} for number in range(1, ROWS + 1)])


def floor_app(engine: Engine, shape: Shape) -> Flask:
    app = Flask("floor", static_folder=None)
    app.jinja_loader = DictLoader({"page.html": PAGE})
    lines = [{"id": number, "text": "邻里纠纷调解六步法"} for number in range(max(1, shape.page_bytes // LINE_BYTES))]

    @app.route("/floor/<int:page>", methods=["GET", "POST"])
    def floor(page: int) -> str:
        with engine.begin() as connection:
            for number in range(shape.reads):
                connection.execute(READ, {"wanted": number % ROWS + 1}).one()
            for number in range(shape.writes):
                connection.execute(WRITE, {"wanted": number % ROWS + 1, "text": str(page)})
        return render_template("page.html", title="社区学堂", lines=lines) if shape.page_bytes > LINE_BYTES else ""

    return app
