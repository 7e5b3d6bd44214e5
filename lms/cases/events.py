"""What the library announces. Receivers run in the same unit of work; they are connected in their module's `setup.py`.

A receiver takes `(sender, *, case, version, actor, now)`; of `case_stepped` also `step`.
"""

from __future__ import annotations

from blinker import Signal

version_added = Signal("A case has a new version: case, version, before (the state it was in), actor, now.")
"""Sent after the case became a draft again. `before` tells `calls` whether a review must be reopened, and where."""

case_stepped = Signal("A case came to a state: case, step, actor, now.")
"""Sent once for each step, publication and withdrawal included."""
