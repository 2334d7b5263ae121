"""For programs without asyncio: a server in a thread, or cycled by hand; a client that is polled.

::

    server = threads.BackgroundServer("Gem Rush")       # in a thread; listeners run there
    server.start()

    server = threads.ManualServer("Gem Rush")           # no thread: one tick for each `update`
    server.start()
    while playing:
        server.update()
        clock.tick(30)

    client = threads.PolledClient("192.168.1.5", name="Ada")
    client.on(Chat, show)                               # called in `poll`, in the program's own thread
    ok, message = client.connect()
    while client.connected:
        for event in client.poll():                     # like pygame.event.get()
            ...
        clock.tick(60)

They are `netlib.Server`, `netlib.Client` and `netlib.Browser`, with the same options, events and errors.
"""

from netlib.threads.background import BackgroundServer
from netlib.threads.manual import ManualServer
from netlib.threads.polled import PolledClient
from netlib.threads.searching import BackgroundBrowser

__all__ = ["BackgroundBrowser", "BackgroundServer", "ManualServer", "PolledClient"]
