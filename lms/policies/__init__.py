"""培训要求: who must be trained how often, exemptions (免训), and what each person owes (应训、已训、逾期).

A policy (政策) is versioned data that a unit adopts for its subtree; `packs/` holds those that ship. What a person owes
(履训情况, standing) is computed from appointments, ledger and exemptions by a pure function, kept in a table that can
be rebuilt at any time, and never reset.
"""
