"""A small OpenID Connect provider: real HTTP, real signed tokens, and it says whatever a test wants it to."""

from __future__ import annotations

import base64
import hashlib
import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa

CLIENT, SECRET = "workbench", "the secret of the workbench"


@dataclass
class Provider:
    """What it says of the person who signs in, and what came in."""

    address: str = ""
    person: dict[str, Any] = field(default_factory=dict)
    userinfo: dict[str, Any] | None = None
    token: dict[str, Any] = field(default_factory=dict)
    broken: bool = False
    asked: list[tuple[str, dict[str, list[str]]]] = field(default_factory=list)
    challenges: dict[str, str] = field(default_factory=dict)
    key: rsa.RSAPrivateKey = field(
        default_factory=lambda: rsa.generate_private_key(public_exponent=65537, key_size=2048)
    )

    def authorise(self, location: str) -> str:
        """Do what the person's browser would there; return the address it comes back to, without the host."""
        said = parse_qs(urlsplit(location).query)
        self.asked.append(("authorise", said))
        code = f"code-{len(self.asked)}"
        self.challenges[code] = said["code_challenge"][0]
        back = urlsplit(said["redirect_uri"][0])
        return f"{back.path}?code={code}&state={said['state'][0]}"

    def id_token(self) -> str:
        now = int(time.time())
        said = {"iss": self.address, "aud": CLIENT, "iat": now, "exp": now + 300, **self.person, **self.token}
        return jwt.encode(said, self.key, algorithm="RS256", headers={"kid": "one"})


@contextmanager
def provider() -> Iterator[Provider]:
    """Run one on the loopback for as long as the block lasts."""
    told = Provider()

    class Handler(BaseHTTPRequestHandler):
        def log_message(self, format: str, *args: Any) -> None:
            pass

        def _answer(self, status: int, said: Any) -> None:
            body = json.dumps(said).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def do_GET(self) -> None:
            if told.broken:
                self._answer(500, {})
            elif self.path == "/.well-known/openid-configuration":
                self._answer(
                    200,
                    {
                        "issuer": told.address,
                        "authorization_endpoint": f"{told.address}/authorise",
                        "token_endpoint": f"{told.address}/token",
                        "userinfo_endpoint": f"{told.address}/userinfo",
                        "jwks_uri": f"{told.address}/keys",
                        "token_endpoint_auth_methods_supported": ["client_secret_post"],
                    },
                )
            elif self.path == "/userinfo" and self.headers.get("Authorization") == "Bearer an-access-token":
                self._answer(200, told.person if told.userinfo is None else told.userinfo)
            else:
                self._answer(404, {})

        def do_POST(self) -> None:
            said = parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode())
            told.asked.append((self.path, said))
            verifier = said.get("code_verifier", [""])[0]
            digest = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).decode().rstrip("=")
            if (
                said.get("client_secret") != [SECRET]
                or told.challenges.pop(said.get("code", [""])[0], "") != digest
            ):
                self._answer(400, {"error": "invalid_grant"})
                return
            self._answer(
                200,
                {"access_token": "an-access-token", "token_type": "Bearer", "id_token": told.id_token()},
            )

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    told.address = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield told
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
