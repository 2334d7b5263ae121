"""The players of the chaos run, and the books that each keeps."""

import netlib
from workshop.game.play.autopilot import map_of
from workshop.game.rules.bots import Brain
from workshop.game.rules.entities import SCHEMA
from workshop.game.rules.messages import MESSAGES
from workshop.maintenance.bench.chaos.books import News, Sequence, Tally, Token
from workshop.maintenance.bench.chaos.serve import TOKEN_TICKS
from workshop.maintenance.bench.game_server import SEED

LOSSY = netlib.LinkConditions(latency=0.08, jitter=0.02, loss=0.02)
CODECS = (netlib.JSON, netlib.MSGPACK)  # the bots take turns


class Bot:
    """One player.

    Args:
        url: where it connects.
        number: tells it apart from the others.
        seed: makes its moves repeatable, as far as the network allows.

    Attributes:
        lives: in how many lives of the server it was a newcomer.
        resumed: how often it came back to its place.
        tokens: how many it sent, in all lives.
        received: how many tokens and news it got.
        problems: what went wrong, in words.
    """

    def __init__(self, url: str, number: int, seed: int) -> None:
        self.name = f"bot{number}"
        self.lives = self.resumed = self.tokens = self.received = 0
        self.problems: list[str] = []
        codec = CODECS[number % len(CODECS)]
        self.client = netlib.Client(
            url, name=self.name, messages=MESSAGES, schema=SCHEMA, codec=codec, link=LOSSY, seed=seed + number
        )
        self._map, navigator = map_of(SEED)
        self._brain = Brain(navigator, seed=seed + number)
        self._id = 0
        self._begin()
        self.client.on(netlib.Connected, self._connected)
        self.client.on(netlib.StateChanged, self._changed)
        self.client.on(netlib.ServerError, self._refused)
        self.client.on(netlib.Disconnected, self._ended)
        self.client.on(Token, self._token)
        self.client.on(News, self._news_came)

    @property
    def seen(self) -> Tally:
        """The bot's books."""
        players = self.client.state.get("players", {}).values()
        names = frozenset(player.name for player in players)
        return Tally(self.name, self._sent, self._tokens.last, self._news.last, names)

    def act(self, tick: int) -> None:
        """Play one tick: move, and now and then send a token, connected or not."""
        self.client.poll()
        self.client.send_input(self._brain.decide(self.client.state, self.client.player_id, self._map))
        if tick % TOKEN_TICKS == 0:
            self._sent += 1
            self.tokens += 1
            self.client.send(Token(self._sent))

    async def leave(self) -> None:
        """Leave the room."""
        self.client.off(netlib.Disconnected, self._ended)
        await self.client.close()

    def _begin(self) -> None:
        """Start all counting again: as far as this bot knows, the server has a new life."""
        self._sent = self._score = 0
        self._tokens = Sequence(f"tokens of the server at {self.name}")
        self._news = Sequence(f"news at {self.name}", first=None)

    def _connected(self, event: netlib.Connected) -> None:
        if not event.resumed:
            self.lives += 1
            self._begin()
        elif event.player_id != self._id:
            self._note(f"{self.name} was player {self._id} and is back as player {event.player_id}")
        self._id = event.player_id
        self.resumed += event.resumed
        if self.client.name != self.name:
            self._note(f"{self.name} was let in as {self.client.name}")

    def _refused(self, event: netlib.ServerError) -> None:
        if event.code != "session_over":  # what a newcomer after the kill is told
            self._note(f"{self.name} was refused something: {event.code}, {event.message}")

    def _ended(self, event: netlib.Disconnected) -> None:
        self._note(f"{self.name} has given up: {event.code} {event.reason}")

    def _token(self, token: Token) -> None:
        self.received += 1
        self._note(self._tokens.take(token.number))

    def _news_came(self, news: News) -> None:
        self.received += 1
        self._note(self._news.take(news.number))

    def _changed(self, event: netlib.StateChanged) -> None:
        me = self.client.state.get("players", {}).get(self.client.player_id)
        if me is not None and me.score < self._score:
            self._note(f"{self.name} had {self._score} points and has {me.score}")
        self._score = me.score if me is not None else self._score

    def _note(self, problem: str) -> None:
        if problem:
            self.problems.append(problem)
