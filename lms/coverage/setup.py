"""How the application takes the module in: its pages, and the standings that its roll-up follows."""

from flask import Flask

from lms.core import jobs, proofs
from lms.coverage import closing_views, export_views, overdue_views, proving, rebuilding, rollup, telling, views
from lms.coverage import jobs as periodic
from lms.coverage.blueprint import bp
from lms.notices import kinds
from lms.policies.events import standings_changed
from lms.units.actions import unit_moved

#: The rooms with pages; they share one blueprint.
ROOMS = (views, overdue_views, closing_views, export_views)


def init_app(app: Flask) -> None:
    app.register_blueprint(bp)
    standings_changed.connect(rollup.on_standings_changed)
    unit_moved.connect(rollup.on_unit_moved)
    jobs.register(app, *periodic.ALL)
    proofs.register(app, rebuilding.PROOF, proving.PROOF)
    kinds.register(*telling.ALL)
