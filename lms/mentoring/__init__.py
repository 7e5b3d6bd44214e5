"""导师帮带: the term of a pair (结对), from the day both accepted until it is completed or ended early.

A pair has a card (结对卡) with goals that both sign, a plan of small steps, meetings that the other side confirms, and
evaluations half-way and at the end. Each change of state is a row that says who, when and why. A second term is a new
pair. What was talked about lies in a table of its own, which one module reads (`talks.py`): the two see it, and nobody
else, in no list, file or search. Completed terms earn hours for both, once, by the credit rule in force.

Who may be a mentor and who needs one is said by `mentors`; who is proposed to whom, by `pairing`, which calls
`actions.begin`.
"""
