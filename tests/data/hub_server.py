"""A small hub on loopback: the answers of the real one's interface, and ways to misbehave on order."""

from __future__ import annotations

import hashlib
import json
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

EXPORT = "refs/convert/parquet"


@dataclass
class Repository:
    """One dataset or model: branch -> path -> bytes. ``told``: more of what the hub says of it."""

    branches: dict[str, dict[str, bytes]]
    card: dict[str, Any] = field(default_factory=dict)
    tags: list[str] = field(default_factory=list)
    is_gated: bool = False
    wrong_sha256: bool = False
    told: dict[str, Any] = field(default_factory=dict)


@dataclass
class Asked:
    """One request as it arrived."""

    method: str
    path: str
    headers: dict[str, str]


class LoopbackHub:
    """A hub that answers ``api/datasets/...`` and ``datasets/.../resolve/...``, and the same of ``models``.

    ``cut_after``: file name -> how many bytes are sent before the connection breaks, once for each entry of the list.
    ``answer_with``: a status for every request. ``ignores_ranges``: whole files whatever was asked. ``forward_to``:
    another server that holds the bytes, as the real hub does. ``pause``: file name -> an event the server waits for
    after the first bytes. ``stalled``: an event every answer waits for.
    """

    def __init__(self) -> None:
        self.repositories: dict[str, Repository] = {}
        self.models: dict[str, Repository] = {}
        self.asked: list[Asked] = []
        self.cut_after: dict[str, list[int]] = {}
        self.answer_with: tuple[int, dict[str, str], bytes] | None = None
        self.ignores_ranges = False
        self.token: str | None = None
        self.forward_to: LoopbackHub | None = None
        self.pause: dict[str, threading.Event] = {}
        self.sent: dict[str, int] = {}
        self.stalled: threading.Event | None = None
        handler = type("Handler", (_Handler,), {"hub": self})
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.01,), name="loopback hub")

    @property
    def endpoint(self) -> str:
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        for event in [*self.pause.values(), *([self.stalled] if self.stalled else [])]:
            event.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def paths(self) -> list[str]:
        return [asked.path for asked in self.asked]

    def sha(self, branch: str) -> str:
        return hashlib.sha1(branch.encode(), usedforsecurity=False).hexdigest()


@contextmanager
def loopback_hub() -> Iterator[LoopbackHub]:
    """A hub that runs while the block does."""
    hub = LoopbackHub()
    hub.start()
    try:
        yield hub
    finally:
        hub.stop()


class _Handler(BaseHTTPRequestHandler):
    hub: LoopbackHub
    protocol_version = "HTTP/1.1"
    timeout = 10

    def log_message(self, *_args: object) -> None:
        """Nothing is written to the terminal."""

    def do_HEAD(self) -> None:
        self._answer()

    def do_GET(self) -> None:
        self._answer()

    def _answer(self) -> None:
        hub = self.hub
        split = urlsplit(self.path)
        path = unquote(split.path)
        hub.asked.append(Asked(self.command, path, {k.lower(): v for k, v in self.headers.items()}))
        if hub.stalled:
            hub.stalled.wait(30)
        if hub.answer_with:
            return self._send(*hub.answer_with)
        if hub.token and self.headers.get("authorization") != f"Bearer {hub.token}":
            return self._refuse(401, "RepoNotFound")
        with_sizes = "blobs" in parse_qs(split.query)
        if found := re.fullmatch(r"/api/datasets/([^/]+/[^/]+|[^/]+)(?:/revision/(.+))?", path):
            return self._info(hub.repositories, found[1], found[2] or "main", with_sizes)
        if found := re.fullmatch(r"/datasets/([^/]+/[^/]+)/resolve/([^/]+)/(.+)", path):
            return self._file(hub.repositories, found[1], found[2], found[3])
        if found := re.fullmatch(r"/api/models/([^/]+/[^/]+|[^/]+?)(?:/revision/(.+))?", path):
            return self._info(hub.models, found[1], found[2] or "main", with_sizes)
        if found := re.fullmatch(r"/([^/]+/[^/]+)/resolve/([^/]+)/(.+)", path):
            return self._file(hub.models, found[1], found[2], found[3])
        return self._refuse(404, "RepoNotFound")

    def _info(self, among: dict[str, Repository], name: str, branch: str, with_sizes: bool) -> None:
        repository = among.get(name)
        if repository is None:
            return self._refuse(401, "RepoNotFound")
        branch = next((known for known in repository.branches if self.hub.sha(known) == branch), branch)
        if branch not in repository.branches:
            return self._refuse(404, "RevisionNotFound")
        siblings = [
            {"rfilename": path, **(self._blob(repository, data) if with_sizes else {})}
            for path, data in repository.branches[branch].items()
        ]
        told = {
            "id": name,
            "sha": self.hub.sha(branch),
            "private": False,
            "tags": repository.tags,
            "cardData": repository.card,
            "siblings": siblings,
            "downloads": 3,
            "likes": 1,
            **repository.told,
        }
        return self._send(200, {"Content-Type": "application/json"}, json.dumps(told).encode())

    def _blob(self, repository: Repository, data: bytes) -> dict[str, Any]:
        digest = "0" * 64 if repository.wrong_sha256 else hashlib.sha256(data).hexdigest()
        return {
            "size": len(data),
            "blobId": hashlib.sha1(data, usedforsecurity=False).hexdigest(),
            "lfs": {"sha256": digest, "size": len(data), "pointerSize": 130},
        }

    def _file(self, among: dict[str, Repository], name: str, revision: str, path: str) -> None:
        hub = self.hub
        repository = among.get(name)
        if repository and repository.is_gated:
            return self._refuse(403, "GatedRepo")
        branches = repository.branches if repository else {}
        branch = next((branch for branch in branches if hub.sha(branch) == revision), None)
        if branch is None or path not in branches[branch]:
            return self._refuse(404, "EntryNotFound")
        if hub.forward_to is not None:
            address = f"{hub.forward_to.endpoint}{self.path}"
            return self._send(302, {"Location": address, "X-Repo-Commit": revision}, b"")
        return self._bytes(path, branches[branch][path])

    def _bytes(self, path: str, data: bytes) -> None:
        hub = self.hub
        begin, status = 0, 200
        asked = re.fullmatch(r"bytes=(\d+)-", self.headers.get("range", ""))
        if asked and not hub.ignores_ranges:
            begin, status = int(asked[1]), 206
            if begin >= len(data):
                self._send(416, {"Content-Range": f"bytes */{len(data)}"}, b"")
                return
        rest = data[begin:]
        self.send_response(status)
        self.send_header("Content-Length", str(len(rest)))
        if status == 206:
            self.send_header("Content-Range", f"bytes {begin}-{len(data) - 1}/{len(data)}")
        self.end_headers()
        cuts = hub.cut_after.get(path, [])
        cut = cuts.pop(0) if cuts else None
        if path in hub.pause:
            self._write(path, rest[: len(rest) // 2])
            hub.pause[path].wait(30)
            rest = rest[len(rest) // 2 :]
        self._write(path, rest if cut is None else rest[:cut])
        if cut is not None:
            self.close_connection = True
            self.connection.close()

    def _write(self, path: str, data: bytes) -> None:
        try:
            self.wfile.write(data)
            self.wfile.flush()
            self.hub.sent[path] = self.hub.sent.get(path, 0) + len(data)
        except OSError:  # the other side went away
            self.close_connection = True

    def _refuse(self, status: int, code: str) -> None:
        self._send(status, {"X-Error-Code": code, "X-Error-Message": "No."}, b'{"error": "No."}')

    def _send(self, status: int, headers: dict[str, str], body: bytes) -> None:
        self.send_response(status)
        for key, value in headers.items():
            self.send_header(key, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)
