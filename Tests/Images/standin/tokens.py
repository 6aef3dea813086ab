# SPDX-License-Identifier: Apache-2.0
"""A token server for docker-registry: everybody may pull `library/...`, who logs in may do everything.

See the distribution project's "Token Authentication Specification" and "OAuth2 Token Authentication".
"""
import base64
import json
import subprocess
import threading
import time
import urllib.parse
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

ISSUER, SERVICE, REFRESH = "token-server", "registry", "refresh-of-"


def encoded(data):
    return base64.urlsafe_b64encode(data).rstrip(b"=")


class Signer:
    """Signs tokens with a key whose certificate the registry trusts."""

    def __init__(self, key, certificate):
        self.key = key
        text = certificate.read_text().split("-----")[2]
        self.chain = ["".join(text.split())]

    def token(self, account, access):
        now = int(time.time())
        header = {"typ": "JWT", "alg": "RS256", "x5c": self.chain}
        claims = {"iss": ISSUER, "sub": account, "aud": SERVICE, "exp": now + 300, "nbf": now - 10,
                  "iat": now, "jti": f"{account}-{time.monotonic_ns()}", "access": access}
        text = b".".join(encoded(json.dumps(part).encode()) for part in (header, claims))
        signature = subprocess.run(["openssl", "dgst", "-sha256", "-sign", str(self.key)], input=text,
                                   stdout=subprocess.PIPE, check=True).stdout
        return (text + b"." + encoded(signature)).decode()


def granted(scopes, is_known):
    """The access that a token gives, of the one that was asked for."""
    access = []
    for scope in scopes:
        kind, _, rest = scope.partition(":")
        name, _, actions = rest.rpartition(":")
        wanted = actions.split(",")
        if not is_known:
            wanted = [action for action in wanted if action == "pull" and name.startswith("library/")]
        access.append({"type": kind, "name": name, "actions": wanted})
    return access


class TokenHandler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_):
        pass

    def answer(self, status, members):
        body = json.dumps(members).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def give(self, account, scopes):
        token = self.server.signer.token(account, granted(scopes, account != ""))
        members = {"token": token, "access_token": token, "expires_in": 300}
        if account:
            members["refresh_token"] = REFRESH + account
        self.answer(200, members)

    def refuse(self):
        self.answer(401, {"details": "incorrect username or password"})

    def do_GET(self):
        query = urllib.parse.parse_qs(urllib.parse.urlsplit(self.path).query)
        scopes = [part for scope in query.get("scope", []) for part in scope.split()]
        sent = self.headers.get("Authorization")
        if sent is None:
            return self.give("", scopes)
        if base64.b64decode(sent.removeprefix("Basic ")).decode() != ":".join(self.server.account):
            return self.refuse()
        self.give(self.server.account[0], scopes)

    def do_POST(self):
        body = self.rfile.read(int(self.headers.get("Content-Length", 0))).decode()
        form = {key: values[0] for key, values in urllib.parse.parse_qs(body).items()}
        name, password = self.server.account
        is_known = (form.get("username"), form.get("password")) == (name, password) \
            if form.get("grant_type") == "password" else form.get("refresh_token") == REFRESH + name
        if not is_known:
            return self.refuse()
        self.give(name, form.get("scope", "").split())


def start(key, certificate, account):
    """Serves tokens on a thread. Returns the realm."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), TokenHandler)
    server.daemon_threads = True
    server.signer, server.account = Signer(key, certificate), account
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return f"http://127.0.0.1:{server.server_port}/token"
