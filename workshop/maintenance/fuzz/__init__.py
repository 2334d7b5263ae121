"""Hostile clients against a real server, with honest players beside them, who must not notice.

`garble` makes frames and `lies` messages that no client should send, `attack` sends them, `honest` plays,
`run` watches over all of it. Every attack is made from the seed and its own number alone, so that it can be
made again: ``workshop dev fuzz --seed 7 --only 1234``.
"""
