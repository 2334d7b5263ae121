"""From a bare checkout to a running command line, with the standard library alone.

Reading order: old_python, shadows, start, venv, interpreter, install, pip, causes, progress, lifeline.
This file parses on any Python, back to 2.7.
"""
