"""Errors whose text can be shown to a user as it is; netlib has a tree of its own."""


class WorkshopError(Exception):
    """Something that the user can mend; the text says what happened and what to do."""
