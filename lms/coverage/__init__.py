"""培训覆盖: how many of a unit's people are trained as the policies ask, and whose names stand behind each number.

The numbers come from a roll-up of the standings (`coverage_counts`), which changes in the same transaction as they do.
逾期名单 is the list of those who are late, with what can be done about it; 结账 stores the figures of a year that is
over, 更正 states them anew and keeps the old ones. Nothing here ranks people or units, and nothing is ever reset.
"""
