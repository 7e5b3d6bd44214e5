"""组织机构: province > city > county > street > community, as an explicit tree.

A unit's parent is stated, not derived from its division code: municipalities have no city level, some cities no
counties, and development zones are real parents without being legal divisions. A materialized path makes every
subtree one indexed range. Units are closed and merged, never deleted: what happened in them stays theirs.
"""
