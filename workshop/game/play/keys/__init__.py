"""Which key does what: `bindings` (the player's choice), `keyboard` (by place and letter), `page` (F2)."""
