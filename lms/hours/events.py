"""What the ledger announces, in the same unit of work as the entry. Connected in the `setup` of whoever hears it."""

from blinker import Signal

ledger_changed = Signal("An entry was written or reversed: person_id, now.")
"""Sent after the row was written: `(sender, *, person_id, now)`. A unit of work may write many: a receiver notes whom
it concerns, and reads when the unit of work ends (`db.before_commit`)."""
