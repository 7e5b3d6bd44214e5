"""Calls for cases (征集) and review, tier by tier (评审).

A unit *calls* for cases: themes, dates, a quota for each unit right below it, hints for the four sections. A case is
*reviewed* in rounds, one round for each version and unit, from the street upwards: returned with comments on
passages, accepted, or not taken up; then recommended to the unit above. *Experts* (专家) of a round score by
themselves and see nobody's scores until all are in. What a level accepted stays accepted, whatever is said above it.
Cases may come without a call, too. Ranking exists nowhere but inside a call, for those who called.
"""
