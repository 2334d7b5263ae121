"""What the tests of the class share."""

import pytest

from tests.support.classes import Warnings


@pytest.fixture
def warnings() -> Warnings:
    """Give a list of what the host is told."""
    return []
