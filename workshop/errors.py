"""Errors whose text is meant for users; netlib has its own tree."""


class WorkshopError(Exception):
    """Something that the user can fix; the text says what happened and what to do."""
