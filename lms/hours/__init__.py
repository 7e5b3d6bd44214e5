"""学时: the ledger of training hours, and the rules by which they are credited.

An hour is the certified nominal length of training that was completed and understood; screen time is not measured
anywhere. Entries are appended; a wrong one is undone by a reversal that names it, says why and who. The ledger never
learns what a quiz or a class is: it is told a source, and counts each source once.
"""
