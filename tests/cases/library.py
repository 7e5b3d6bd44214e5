"""A small library, as files: one method and one case that shows it."""

from __future__ import annotations

from pathlib import Path

METHOD = """+++
name = "楼道议事法"
idea = "谁受影响谁坐下来谈，一次只谈一件事，谈成的当场写下来。"
abilities = ["mediation", "organizing"]
authors = ["社区学堂教研组"]
+++

## 步骤

1. **摸底**：挨户问清楚谁担心什么。
2. **请坐**：请楼长召集。

## 适用

一栋楼里的事。

## 不适用

已经打官司的事。
"""

CASE = """+++
title = "梧桐里的电梯为什么装成了"
summary = "一楼不同意，五楼等不起。"
abilities = ["mediation", "organizing"]
themes = ["disputes", "consultation"]
community_kind = "old_estate"
region = "江南某市"
place = "梧桐里社区"
began = "2023-03"
ended = "2023-11"
authors = ["社区学堂教研组"]
methods = ["loudao-yishi"]
evidence = "会议记录七份。"
illustration = true
consent = false
anonymized = true
+++

## 背景与起因

六层老楼没有电梯。

## 做法与过程

### 先问清楚

![从反对到签字](files/liucheng.svg "图 1：从反对到签字")

## 成效与反响

电梯在十一月启用。

## 讨论

- 换一个小区还行不行？
"""

PICTURE = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 10 10"><rect width="10" height="10"/></svg>'


def write_library(folder: Path, *, case: str = CASE, method: str = METHOD) -> Path:
    put(folder / "methods/loudao-yishi.md", method)
    put(folder / "mediation/wutongli-dianti.md", case)
    put(folder / "mediation/files/liucheng.svg", PICTURE)
    put(folder / "README.md", "怎样写")
    return folder


def put(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8", newline="")
