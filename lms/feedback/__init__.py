"""意见与投诉: a way to complain, suggest or ask, from the foot of every page.

What is sent goes to the unit that runs the site for its sender: the nearest one, county or above, that has an
administrator; a stranger's goes to the units at the top. It is answered once, or closed with a reason, and the sender
is told. Nobody else reads it.
"""
