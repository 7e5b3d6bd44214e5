"""What quizzes announce. Receivers run in the same unit of work: what they write stands with the grade, or not at all.

Connected in the `setup` of whoever hears it; a receiver takes ``(sender, *, attempt, actor, now)``, of a regrade also
``regrade``. Receivers write to the database and do nothing else: the preview of a regrade lets them run, reads what
came of it, and takes everything back.
"""

from __future__ import annotations

from blinker import Signal

attempt_graded = Signal("An attempt has its final score: attempt, actor, now.")
"""Sent once for an attempt: when it is submitted, or when the last of its essays is marked."""

attempt_regraded = Signal("A correction changed the result of an attempt: attempt, regrade, actor, now.")
"""Sent once for an attempt and a correction, after the new results of all attempts stand. A receiver that moves hours
says so on the regrade (``reversal_id``, ``entry_id``)."""
