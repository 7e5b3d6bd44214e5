"""What every module stands on, without a word of the domain.

The unit of work (`db`), who may come in (`web`), the clock, errors, paging, the audit trail, Markdown, files,
spreadsheets and the two languages. Nothing here knows what a course, a worker or a county is.
"""
