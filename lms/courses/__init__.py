"""课程: tiered courses, their lessons and checkpoints, and how far each person has come.

A course (课程) is written as a folder of text files (`courses/<tier>/<slug>/`, see `courses/README.md`), read by
`folder.py`, stored as a numbered revision (版本) and studied lesson (课时) by lesson. A lesson is finished by answering
its checkpoint (想一想), or by marking it read where there is none; the course is finished (学完) when every lesson is
and the quiz (随堂测验) is passed, and then its hours (学时) are awarded, once for each calendar year. Time spent is
never measured, shown or reported.
"""
