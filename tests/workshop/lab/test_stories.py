"""The stories of the lab."""

import re

import pytest

from workshop.lab.stories import STORIES, Story


def test_there_are_four() -> None:
    """Each has another network, from good to bad."""
    assert [story.name for story in STORIES] == ["LAN", "Hotel Wi-Fi", "Mobile", "Satellite"]
    latencies = [story.link.latency for story in STORIES]
    assert latencies == sorted(set(latencies))


@pytest.mark.parametrize("story", STORIES, ids=lambda story: story.name)
def test_a_story_is_two_sentences_and_a_place(story: Story) -> None:
    """Nobody reads a third one in front of a moving picture."""
    assert len(re.findall(r"[.!?](?: |$)", story.sentences)) == 2
    assert story.look.startswith("Look at ") and len(story.look) < 110
