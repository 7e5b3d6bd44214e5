"""社区工作者: persons, the posts they hold, and the roles they were granted.

A person is not an account and survives it. An appointment (任职) is dated; several may be open at once. A grant (授权)
gives a role over a unit's subtree; nobody can grant above or outside their own. Identity numbers are optional,
encrypted, looked up by keyed hash and masked everywhere.
"""
