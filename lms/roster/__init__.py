"""Rosters 花名册: a county's list of its community workers, read from the spreadsheet in which it is kept.

A file is *understood* (which sheet, which header rows, which column is what), every oddity becomes a *finding* 问题
with its row, column and reason, and the difference from what is on record becomes a *plan* that an administrator
confirms.
What is sound is then loaded in one unit of work; *activation slips* 激活单 are printed for the new people, street by
street. Nothing is repaired by guessing, and nobody is removed because a file does not name them. As long as nothing was
built on a load, it can be *taken back* 撤回, whole.
"""
