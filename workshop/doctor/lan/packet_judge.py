"""Whether the way to a room loses packets: many of all sizes, or each large one. Pure."""

from workshop.doctor.finding import Finding, error
from workshop.doctor.lan import fixes
from workshop.doctor.lan.packets import DIALS, MANY_LATE
from workshop.doctor.lan.seen import Carried, LanSeen, TargetSeen


def packet_loss(_: LanSeen, target: TargetSeen) -> Finding | None:
    """The way loses packets of every size."""
    if target.late < MANY_LATE or target.tcp != "answers":
        return None
    return error(
        "packet loss",
        f"{target.host} can be reached, but of {DIALS} connections {target.late} had to be tried again "
        "since a packet was lost: games will stop for moments, and connections break. Likely the Wi-Fi is "
        "weak or crowded here, or a cable is bad.",
        *fixes.BETTER_WAY,
    )


def large_packets(seen: LanSeen, target: TargetSeen) -> Finding | None:
    """Small packets come through, and large ones vanish without a word."""
    carried = target.carried
    if carried is None or (carried.back and not carried.too_large):
        return None
    name = seen.named(target.source, "NAME")
    size = carried.most if carried.too_large else fixes.SAFE_PACKET
    return error(
        "large packets",
        f"{target.host} answers, but {_what_vanishes(carried)}: a player gets in, and sees nothing move. "
        "Likely a VPN, a tunnel or a switch on the way carries less than this network promises (MTU), and "
        "the notice of that (ICMP) is blocked.",
        *fixes.on(fixes.NO_VPN, seen.platform),
        *fixes.smaller_packets(seen.platform, name, size),
    )


def _what_vanishes(carried: Carried) -> str:
    if not carried.too_large:
        return "large packets vanish on the way from there to here"
    both = "" if carried.back else ", and large ones on the way back"
    return f"packets above about {carried.most} bytes vanish on the way there{both}"
