"""What crosses the wire: messages, how they are encoded, and netlib's own."""
