"""What this module announces, in the same unit of work as the change itself."""

from blinker import Signal

standings_changed = Signal("Standings were computed anew: removed and added rows.")
"""Sent by `keeping` once a batch in which anything changed: `(sender, *, removed, added)`, sequences of `keeping.Row`.
A row that changed is in both. Roll-ups above follow it; nothing is sent for rows that stayed as they were."""
