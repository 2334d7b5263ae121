"""The rules of Pong, in whole pixels and ticks: the server decides by them, the players predict by them."""

from msgspec.structs import replace

import netlib

WIDTH, HEIGHT = 800, 600  # pixels
PADDLE, BALL = 100, 16  # pixels: a paddle's height, a ball's side
FACES = {"left": 40, "right": WIDTH - 40}  # where the middle of a ball meets the paddle of a side
OUT = 80  # pixels beyond the field at which a ball is lost: by then it has left everybody's screen
SPEED = 10  # pixels a tick, of a paddle
POINTS = 5  # for a match
BOT = "Bot (until somebody joins)"  # too long to be the name of a player


class Move(netlib.Input):
    """What a player wants in one tick: up is -1 and down is 1; and, after a match, another one."""

    down: int = 0
    again: bool = False


class Table(netlib.Entity):
    """All that is shared: the heights of both paddles, the ball with its speed a tick, and who plays.

    The ball waits for some ticks before it is served.
    """

    left: int = HEIGHT // 2
    right: int = HEIGHT // 2
    x: int = WIDTH // 2
    y: int = HEIGHT // 2
    dx: int = 9
    dy: int = 3
    wait: int = 40
    points: tuple[int, int] = (0, 0)
    names: tuple[str, str] = (BOT, BOT)


def moved(table: Table, side: str, move: Move) -> Table:
    """Return the table after a player's move."""
    if move.again and max(table.points) == POINTS:
        table = Table(names=table.names)
    y = getattr(table, side) + SPEED * max(-1, min(move.down, 1))  # nobody runs, whatever they send
    return replace(table, **{side: max(PADDLE // 2, min(y, HEIGHT - PADDLE // 2))})


def advanced(table: Table) -> Table:
    """Return the table one tick later: the ball flies, and bounces off the walls and the paddles.

    A paddle returns it a little faster, and the steeper, the further from its middle it is hit.
    """
    if table.wait:
        return replace(table, wait=table.wait - (max(table.points) < POINTS))
    dy = table.dy if 0 < table.y + table.dy < HEIGHT else -table.dy
    x, y = table.x + table.dx, table.y + dy
    side, paddle, faster = ("left", table.left, 1) if table.dx < 0 else ("right", table.right, -1)
    if min(table.x, x) <= FACES[side] <= max(table.x, x) and abs(y - paddle) <= (PADDLE + BALL) // 2:
        return replace(table, x=FACES[side], y=y, dx=faster - table.dx, dy=(y - paddle) // 6)
    return replace(table, x=x, y=y, dy=dy)


def counted(table: Table) -> Table:
    """Return the table with the point that was made, if one was; who has lost the ball is served the next."""
    if -OUT <= table.x <= WIDTH + OUT:
        return table
    left, right = table.points
    points, dx = ((left, right + 1), -9) if table.x < 0 else ((left + 1, right), 9)
    return replace(table, points=points, x=WIDTH // 2, y=HEIGHT // 2, dx=dx, dy=left - right, wait=40)


def side_of(table: Table, name: str) -> str:
    """Return where a player plays."""
    return "right" if table.names[1] == name else "left"


def bot_move(table: Table, side: str) -> Move:
    """Return what the bot does: it goes for a ball that comes, and to the middle when none does."""
    gap = (table.y if (table.dx > 0) == (side == "right") else HEIGHT // 2) - getattr(table, side)
    return Move((gap > SPEED) - (gap < -SPEED))
