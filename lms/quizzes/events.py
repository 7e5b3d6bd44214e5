"""What quizzes announce. Receivers run in the same unit of work: what they write stands with the grade, or not at all.

Connected in ``app.py`` and nowhere else; a receiver takes ``(sender, *, attempt, actor, now)``.
"""

from __future__ import annotations

from blinker import Signal

attempt_graded = Signal("An attempt has its final score: attempt, actor, now.")
"""Sent once for an attempt: when it is submitted, or when the last of its essays is marked."""
