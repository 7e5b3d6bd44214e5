"""Kinds of question (题型): one file each; ``registry`` knows them all."""
