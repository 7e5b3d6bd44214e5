"""Writing cases up: from a Word file or in the page, kept while one types, checked, handed in.

A *draft* (草稿) is the working copy of the next version of a case (案例); handing it in makes the version, which never
changes. Who judges it is the business of `calls`, above, which hears `events.case_submitted`.
"""
