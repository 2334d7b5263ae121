"""Step 12: a lost connection comes back as the same player, with pauses that grow; strangers do not."""

from workshop.checking.check import Check
from workshop.checks.step12_reconnect import client_side as client
from workshop.checks.step12_reconnect import server_side as server
from workshop.checks.step12_reconnect.causes import CAUSES

check = Check("step12_reconnect", files=["session.py", "server.py", "client.py"], causes=CAUSES)

check.part("each newcomer gets a player and a token of its own")(server.newcomers)
check.part(
    "a player who loses the connection stays for the grace time, and is marked as away",
    after=[server.newcomers],
)(server.stays)
check.part(
    "a player who comes back with its token is the same player, without a twin",
    after=[server.newcomers],
    todo="12.1",
)(server.same_player)
check.part(
    "a client with a token that the server does not know is a newcomer", after=[server.newcomers], todo="12.1"
)(server.strangers)
check.part("nobody can guess a token", after=[server.newcomers], todo="12.2")(server.secret)
check.part("a token is told to its own client, and to nobody else", after=[server.secret])(server.discreet)
check.part(
    "after the grace time a player is removed, unless it is back",
    after=[server.same_player],
    todo="12.3 12.4",
    early=True,
)(server.grace)
check.part(
    "a player is back also while its old connection is open, and the end of that one does no harm",
    after=[server.same_player],
    todo="12.1",
    early=True,
)(server.late_end)
check.part(
    "the client waits before each try, and its window goes on meanwhile, and says how long",
    todo="12.5 12.6",
    early=True,
)(client.waits)
check.part("Esc closes the window at once, also while the client waits", todo="12.6", early=True)(
    client.closes
)
check.part(
    "the pauses between two tries double up to a limit, and a part of each is left to chance",
    todo="12.5",
    timed=True,
)(client.pauses)
check.part("after a lost connection the client shows the token that it was given", todo="12.7", early=True)(
    client.shows
)
check.part(
    "when the server was restarted, the client is back by itself, as a newcomer",
    after=[client.shows],
    todo="12.7",
    early=True,
)(client.restarted)
check.part("after a good connection the pauses start afresh", todo="12.7", early=True)(client.anew)
check.part(
    "both together: the cable is pulled, and the player keeps its place and its score",
    after=[server.same_player, client.shows],
    todo="12.1 12.6 12.7",
    early=True,
)(client.both)
