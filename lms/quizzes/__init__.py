"""Quizzes (随堂测验): questions, papers, attempts and grading.

A *question* (题目) is an immutable version read from a GIFT file; a *paper* (试卷) draws
questions by category from a pool (组卷); an *attempt* (作答) pins what one person drew.
The kinds of question (单选, 多选, 判断, 简答填空, 数值, 匹配, 问答) live in ``kinds/``,
one file each. The module that owns a paper (a course) starts attempts and hears the result.
"""
