"""Fetching one file of the hub, going on where an earlier try broke off.

``huggingface_hub`` throws a half fetched file away when its process ends, so the bytes are written here, with its
session, headers and errors. Each try asks for the file anew: the address that the hub forwards to expires.
"""

from __future__ import annotations

import hashlib
import time
from pathlib import Path
from typing import Any

from ptft_gui.core.errors import DataError, StoppedByPerson
from ptft_gui.core.fingerprints import OnBytes, ShouldStop
from ptft_gui.data.hub.connection import TIMEOUT_S, Hub
from ptft_gui.data.hub.repository import HubFile

TRIES = 4
WAIT_S = 1.0
_BLOCK_BYTES = 1 << 20


def fetch(
    hub: Hub,
    url: str,
    file: HubFile,
    target: Path,
    on_bytes: OnBytes,
    should_stop: ShouldStop,
) -> None:
    """Bring a file to ``target``; what is already in ``target`` with ``.part`` behind it is not fetched again.

    A broken connection is taken up again, at most :data:`TRIES` times in a row without a new byte. Raises what the
    library raises, StoppedByPerson, and DataError when the file arrived otherwise than the hub says it is.
    """
    import httpx2

    if target.exists():
        on_bytes(file.size)
        return
    part = target.with_name(f"{target.name}.part")
    have = _size(part)
    on_bytes(min(have, file.size))
    failures = 0
    while have < file.size:
        try:
            _stream(hub, url, part, have, file.size, on_bytes, should_stop)
            problem: Exception | None = None
        except httpx2.TransportError as told:
            problem = told
        now = _size(part)
        failures = 0 if now > have else failures + 1
        have = now
        if have < file.size and failures:
            if failures >= TRIES:
                raise problem or httpx2.ReadError("the hub sent nothing")
            _pause(WAIT_S * failures, should_stop)
    _check(part, file, should_stop)
    part.replace(target)


def _stream(
    hub: Hub, url: str, part: Path, have: int, size: int, on_bytes: OnBytes, should_stop: ShouldStop
) -> None:
    """Append to ``part`` what comes after its first ``have`` bytes, until the connection ends."""
    from huggingface_hub import get_session
    from huggingface_hub.utils import hf_raise_for_status  # type: ignore[attr-defined]

    headers = hub.headers() | ({"Range": f"bytes={have}-"} if have else {})
    with get_session().stream("GET", url, headers=headers, timeout=TIMEOUT_S) as response:
        if response.status_code == 416:  # what is there does not fit the file: begin again
            on_bytes(-have)
            part.unlink(missing_ok=True)
            return
        hf_raise_for_status(response)
        if have and not _goes_on(response, have):
            on_bytes(-have)
            have = 0
        with part.open("ab" if have else "wb") as target:
            for (
                chunk
            ) in response.iter_raw():  # as it arrives: a chunk of a set size is lost when the line breaks
                if should_stop():
                    raise StoppedByPerson
                have += len(chunk)
                if have > size:
                    raise _damaged(part, "More arrived than the hub announced.")
                target.write(chunk)
                on_bytes(len(chunk))


def _goes_on(response: Any, have: int) -> bool:
    """Whether the answer begins where we asked; a server may send the whole file instead."""
    begins = str(response.headers.get("Content-Range", "")).startswith(f"bytes {have}-")
    return response.status_code == 206 and begins


def _pause(seconds: float, should_stop: ShouldStop) -> None:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if should_stop():
            raise StoppedByPerson
        time.sleep(min(0.1, seconds))


def _check(part: Path, file: HubFile, should_stop: ShouldStop) -> None:
    """Raise DataError, and throw the file away, unless it is the one that the hub announced."""
    if file.size == 0:
        part.touch()
    if not file.sha256:
        return
    digest = hashlib.sha256()
    with part.open("rb") as stream:
        while block := stream.read(_BLOCK_BYTES):
            if should_stop():
                raise StoppedByPerson
            digest.update(block)
    if digest.hexdigest() != file.sha256:
        raise _damaged(part, "Its fingerprint is not the one that the hub announced.")


def _damaged(part: Path, reason: str) -> DataError:
    part.unlink(missing_ok=True)
    return DataError(
        f"{part.name.removesuffix('.part')} arrived damaged.", reason, "It was thrown away; fetch it again."
    )


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except FileNotFoundError:
        return 0
