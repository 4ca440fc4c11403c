"""A gate on the way to Redis that a test can open, shut, or leave standing open without an answer."""

from __future__ import annotations

import contextlib
import socket
import threading
from urllib.parse import urlsplit, urlunsplit


class RedisGate:
    """Forwards connections on a port of its own to Redis, unless it is ``shut`` (refuses) or ``mute``."""

    def __init__(self, url: str) -> None:
        self._target = urlsplit(url)
        self._listener: socket.socket | None = None
        self._open: set[socket.socket] = set()
        self._lock = threading.Lock()
        self.asked = 0
        self.mute = False
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port: int = probe.getsockname()[1]

    @property
    def url(self) -> str:
        login, at, _place = self._target.netloc.rpartition("@")
        return urlunsplit(self._target._replace(netloc=f"{login}{at}127.0.0.1:{self.port}"))

    def open(self) -> None:
        self.mute = False
        if self._listener is not None:
            return
        listener = socket.socket()
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(("127.0.0.1", self.port))
        listener.listen(64)
        self._listener = listener
        threading.Thread(target=self._accept, args=(listener,), daemon=True).start()

    def silence(self) -> None:
        """Go on accepting, answer nobody: what a machine does whose disk or network hangs."""
        self.open()
        self.mute = True
        self._drop()

    def shut(self) -> None:
        if self._listener is not None:
            with contextlib.suppress(OSError):
                self._listener.shutdown(socket.SHUT_RDWR)
            self._listener.close()
            self._listener = None
        self._drop()

    def _drop(self) -> None:
        with self._lock:
            for one in self._open:
                with contextlib.suppress(OSError):
                    one.shutdown(socket.SHUT_RDWR)
                one.close()
            self._open.clear()

    def _accept(self, listener: socket.socket) -> None:
        while True:
            try:
                inner, _address = listener.accept()
            except OSError:
                return
            self.asked += 1
            with self._lock:
                self._open.add(inner)
            if self.mute:
                continue
            try:
                outer = socket.create_connection((self._target.hostname or "", self._target.port or 6379))
            except OSError:
                inner.close()
                continue
            with self._lock:
                self._open.add(outer)
            for one, other in ((inner, outer), (outer, inner)):
                threading.Thread(target=self._pump, args=(one, other), daemon=True).start()

    def _pump(self, source: socket.socket, sink: socket.socket) -> None:
        with contextlib.suppress(OSError, ValueError):
            while data := source.recv(65536):
                sink.sendall(data)
        for one in (source, sink):
            with contextlib.suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)
