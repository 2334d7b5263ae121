"""Which piece of a learner's program is to blame: pieces are exchanged with the model's program.

Reading order: `pieces`, `splice`, `exchange`, `search`.
"""
