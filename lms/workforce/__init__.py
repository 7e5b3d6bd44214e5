"""队伍结构 (clause 16): size, structure and abilities of a unit's workforce on a day, counted from roster and ledger.

Nobody is asked anything. Groups of fewer than five people are not shown, nor can they be found out by subtraction.
"""
