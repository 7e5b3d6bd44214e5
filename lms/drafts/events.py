"""What writing up announces, in the same unit of work. Receivers are connected in `setup.py` of those above."""

from blinker import Signal

case_submitted = Signal("A case was handed in: case, version, destination (one of `destinations`), actor, now.")
"""Sent after the version was made and the case came to the step "submitted". A receiver that raises `Refused` undoes
all of it, and the page says why."""
