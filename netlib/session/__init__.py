"""Who is in the room, and nothing gets lost: handshake, sessions, delivery. No socket, no clock."""
