"""导师: who helps others along, who needs it, and the place's rule for it.

A mentor (导师) is a person with a profile: abilities offered, experience, how many mentees at most, for which subtree,
when and how to be met. By invitation or by application, and with the approval of the unit; each step is a row that says
who, when and why. Who needs a mentor (谁需要导师) is read from roster and ledger; nobody is asked. The rule (帮带规则:
most mentees, length of a term, superiors in line, silence) is versioned data of a unit's subtree.

The terms of pairs live above, in `mentoring`; who is proposed to whom, in `pairing`.
"""
