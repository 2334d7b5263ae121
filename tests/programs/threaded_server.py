"""A chat room in a thread, and a main thread that does something else: python threaded_server.py [PORT]"""

import sys
import time

import netlib
from netlib.threads import BackgroundServer


class Chat(netlib.Message, frozen=True):
    text: str
    name: str = ""


server = BackgroundServer(
    "Chat", host="127.0.0.1", port=int(sys.argv[1]) if len(sys.argv) > 1 else 0, discoverable=False
)


@server.on(netlib.Joined)
def joined(event: netlib.Joined) -> None:
    server.broadcast(Chat(f"{event.peer.name} is here", name="the room"))


@server.on(Chat)
def chat(peer: netlib.Peer, message: Chat) -> None:
    server.broadcast(Chat(message.text, name=peer.name))


def main() -> None:
    with server:
        print(f"chat at {server.url}", flush=True)
        for minute in range(1_000_000):  # the work of the main thread: something that blocks
            time.sleep(0.1)
            server.broadcast(Chat(f"{minute} and {len(server.players)} here", name="the clock"))


if __name__ == "__main__":
    try:
        main()
    except KeyboardInterrupt:
        print("the room is closed", flush=True)
