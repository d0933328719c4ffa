"""Is there a screen to open a window on?"""

from __future__ import annotations

import re
import socket
from collections.abc import Mapping
from pathlib import Path

SCREENLESS_PLATFORMS = frozenset({"offscreen", "minimal", "minimalegl"})
CONNECT_TIMEOUT_S = 2.0
X_PORT_BASE = 6000


def has_display(environment: Mapping[str, str]) -> bool:
    """True when a Wayland or X display is named in ``environment`` and somebody answers there."""
    platform = environment.get("QT_QPA_PLATFORM", "").split(":")[0]
    if platform in SCREENLESS_PLATFORMS:
        return False
    return _wayland_answers(environment) or _x_answers(environment.get("DISPLAY", ""))


def _wayland_answers(environment: Mapping[str, str]) -> bool:
    name = environment.get("WAYLAND_DISPLAY", "")
    if not name:
        return False
    return _connects(str(Path(environment.get("XDG_RUNTIME_DIR", "/")) / name))


def _x_answers(display: str) -> bool:
    """``:1`` is a socket in /tmp (or an abstract one of that name), ``host:10.0`` a port, as ssh forwards it."""
    match = re.fullmatch(r"(?:unix/?)?(?P<host>[^:/]*):(?P<number>\d+)(?:\.\d+)?", display)
    if match is None:
        return False
    number = int(match["number"])
    if match["host"]:
        return _port_answers(match["host"], X_PORT_BASE + number)
    path = f"/tmp/.X11-unix/X{number}"
    return _connects(path) or _connects("\0" + path)


def _connects(path: str) -> bool:
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as client:
        client.settimeout(CONNECT_TIMEOUT_S)
        try:
            client.connect(path)
        except OSError:
            return False
    return True


def _port_answers(host: str, port: int) -> bool:
    try:
        socket.create_connection((host, port), CONNECT_TIMEOUT_S).close()
    except OSError:
        return False
    return True
