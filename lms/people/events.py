"""What people announces, in the same unit of work as the change. Connected in the `setup` of whoever hears it."""

from blinker import Signal

posts_changed = Signal("Somebody's posts, or what the roster says of them, changed: person_ids, now.")
"""Sent after the rows were written: `(sender, *, person_ids, now)`. More may follow in the same unit of work, so a
receiver notes whom it concerns, and reads when the unit of work ends (`db.before_commit`)."""

people_removed = Signal("A roster load is taken back, and these people go: person_ids.")
"""Sent before the rows go, so that what was derived from them can go in order: `(sender, *, person_ids)`."""
