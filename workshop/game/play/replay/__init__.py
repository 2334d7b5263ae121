"""Watching a recording: what it holds, going about in it, its messages, and pictures of it as files."""
