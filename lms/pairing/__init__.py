"""结对: who is proposed to whom, and why.

A round (结对方案) takes all who need a mentor in a unit and all mentors who reach it, scores each pair that the hard
rules allow (`fit.py`) and solves for the best assignment as a whole (`solving.py`): as many mentees with a mentor as
possible, then the greatest sum. The administrator fixes, forbids and removes; the rest is solved around it. What is
sent out is accepted or declined by both sides; what both accept begins a term in `mentoring`.
"""
