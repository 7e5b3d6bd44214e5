"""Accounts 账号: how a person signs in, and everything that ends or slows a sign-in.

An account 账号 belongs to one person and never replaces them: the person survives it. A sign-in
登录 is a row: ending the row ends the session wherever its cookie was copied to. A new account, or
one that was reset 重置, is opened with a one-time code 激活码. Wrong tries are slowed 限速, never
locked. A form sent after the sign-in ended is parked 暂存 until its author is back.
"""
