"""Every endpoint against every role: one line an endpoint, in lines/, held by test_matrix.py and test_audit.py.

    Line("units.rename", "303 403 403 200/303 200/303 404", {"unit_id": "xinhua"}, {"name": "新名社区"})

The answers stand in the order of ROLES; "200/303" is what GET and POST get where both are answered. Values of the URL
that are names of the cast or of `scene.py` stand for its identifiers; in the form and the query write "@guangming".
A POST that changes something leaves a row in the audit trail; where it need not, `quiet` says why.
"""

from tests.whole.line import ROLES, Line
from tests.whole.lines import calls, cases, ground, learning, mentoring, training

__all__ = ["LINES", "ROLES", "Line"]

LINES = (*ground.LINES, *learning.LINES, *cases.LINES, *calls.LINES, *training.LINES, *mentoring.LINES)
