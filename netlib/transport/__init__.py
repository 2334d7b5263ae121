"""One WebSocket on asyncio, over TCP and a link that may be simulated."""
