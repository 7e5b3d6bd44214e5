"""统计: read-only roll-ups for administrators, with no tables of their own.

Completion unit by unit, course by course and year by year, each number a link to the people behind it; exports of
what is on the screen; the audit trail of one's own subtree. Nothing here ranks people or units.
"""
