"""What speaks for a cause, and what against it.

Reading order: `patterns` (code, written as code), `facts` (what can be said of a program), `causes`.
"""
