"""The world on the wire: entities, what changed of them, and how small it is written."""
