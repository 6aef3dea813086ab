# SPDX-License-Identifier: Apache-2.0
"""The server of both hosts: the registry, and the other one to which some lies redirect."""
import json
import re
import socket
import threading
import urllib.parse
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from . import bombs, conduct, content, lies, search, tars, uploads
from .answers import Answer, Request, challenge, error, ranged
from .conduct import ACCOUNT, TOKEN

LIES = {**lies.CONTENT, **conduct.CONDUCT,
        **{name: lies.Lie(lambda _, name=name: tars.build(name)) for name in tars.TARS},
        **{name: lies.Lie(make, number=number) for name, (make, number) in bombs.IMAGES.items()}}
ROUTE = re.compile(r"/v2/((?:lies|push)/[^?]+?)/((?:manifests|blobs|referrers|tags)/.*)")
# What the first request of most clients, GET /v2/, is answered.
PINGS = {"fine": lambda _: Answer(), "basic": lambda request: challenge(request, "basic"),
         "token": lambda request: challenge(request, "bearer"), "cut": lambda _: Answer(cut=-1),
         "fails": lambda _: error(500, "UNKNOWN", "something broke"), "missing": lambda _: Answer(404)}


def named(name, table):
    """`bomb-gzip-64` -> ("bomb-gzip", 64): the conduct or lie that a name means, and its number."""
    if name in table:
        return name, None
    stem, _, number = name.rpartition("-")
    return (stem, int(number)) if stem in table and number.isdigit() else (None, None)


class Registry:
    """What both hosts share."""

    def __init__(self, log=None, ping="fine"):
        self.log_file = open(log, "a") if log else None
        self.ping, self.uploads, self.lock = ping, uploads.Uploads(), threading.Lock()
        self.images, self.counts, self.lines = {}, {}, []
        self.hosts = [ThreadingHTTPServer(("127.0.0.1", 0), Handler) for _ in range(2)]
        for host in self.hosts:
            host.daemon_threads, host.registry = True, self
        self.port, self.other_port = (host.server_port for host in self.hosts)

    def start(self):
        for host in self.hosts:
            threading.Thread(target=host.serve_forever, daemon=True).start()

    def reset(self):
        with self.lock:
            self.counts, self.lines, self.uploads = {}, [], uploads.Uploads()

    def count(self, *key):
        with self.lock:
            self.counts[key] = self.counts.get(key, 0) + 1
            return self.counts[key]

    def image(self, name, number):
        # Made once, under the lock: what is large takes its time.
        with self.lock:
            if (name, number) not in self.images:
                self.images[name, number] = LIES[name].image(number)
            return self.images[name, number]

    def log(self, line):
        text = json.dumps(line) + "\n"
        with self.lock:
            self.lines.append(text)
            if self.log_file:
                self.log_file.write(text)
                self.log_file.flush()


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server_version, sys_version = "hostile", ""
    timeout = 600

    def log_message(self, *_):
        pass

    # MARK: what is asked

    def serve(self):
        self.unread = None
        path, _, query = self.path.partition("?")
        try:
            answer = self.answer(urllib.parse.unquote(path), uploads.query_of(query))
        except uploads.Cut:
            answer = Answer(cut=-1)
        self.note(answer)
        self.send(answer)

    do_GET = do_HEAD = do_POST = do_PUT = do_PATCH = do_DELETE = serve

    def answer(self, path, query):
        registry = self.server.registry
        if path == "/_log":
            return Answer(200, {"Content-Type": "application/x-ndjson"}, "".join(registry.lines).encode())
        if path == "/_reset":
            registry.reset()
            return Answer(204)
        if path == "/_lies":
            names = sorted(LIES) + sorted("push/" + name for name in uploads.CONDUCTS)
            return Answer(200, {"Content-Type": "text/plain"}, "\n".join(names).encode() + b"\n")
        if path in ("/v2", "/v2/"):
            return self.ping()
        if path == "/v1/search":
            return search.answer(query)
        if path.startswith("/_token/"):
            return self.lie("token", path.removeprefix("/_token/"), "")
        if path.startswith("/_elsewhere/"):
            repository, _, reference = path.removeprefix("/_elsewhere/").rpartition("/")
            return self.lie("elsewhere", repository, reference)
        match = ROUTE.fullmatch(path)
        if not match:
            return error(404, "NAME_UNKNOWN", "repository name not known to registry")
        if match[1].startswith("push/"):
            return self.push(match[1], match[2], query)
        kind, _, reference = match[2].partition("/")
        return self.lie(kind, match[1], reference)

    def ping(self):
        registry = self.server.registry
        request = self.request_of("ping", "lies/none", "", None)
        if self.headers.get("Authorization") in (ACCOUNT, "Bearer " + TOKEN):
            return Answer()
        return PINGS[registry.ping](request)

    def request_of(self, kind, repository, reference, number):
        registry = self.server.registry
        total = registry.count(repository) if kind != "token" else 0
        return Request(self.command, kind, repository, reference, self.headers,
                       registry.count(repository, kind, reference), total, number, registry.port,
                       registry.other_port)

    def lie(self, kind, repository, reference):
        """The honest answer, then what the lie makes of it."""
        registry = self.server.registry
        first, _, rest = repository.partition("/")
        if kind == "token" and first != "lies":
            return token_answer()
        name, number = named(rest.split("/")[0], LIES)
        if first != "lies" or name is None:
            return error(404, "NAME_UNKNOWN", "repository name not known to registry")
        lie = LIES[name]
        number = lie.number if number is None else number
        image = registry.image(name, number)
        if kind == "blobs":
            kind = "config" if reference == image.config_digest else "layer"
        kind = kind.removesuffix("s") if kind == "manifests" else kind
        request = self.request_of(kind, repository, reference, number)
        answer = lie.answer(request, honest_answer(image, request))
        ranges_told = name.startswith("once") or name == "steps"
        return answer if ranges_told else ranged(answer, self.headers.get("Range"))

    def push(self, repository, rest, query):
        registry = self.server.registry
        name, number = named(repository.split("/")[1], uploads.CONDUCTS)
        if name is None:
            return error(404, "NAME_UNKNOWN", "repository name not known to registry")
        call = self.request_of("push", repository, rest, number or uploads.CONDUCTS[name])
        call.conduct, call.rest, call.query, call.read = name, rest, query, self.read
        return registry.uploads.answer(call)

    # MARK: bodies

    def read(self, limit=None):
        """The body, or its first `limit` bytes. See RFC 9112, 6 and 7.1."""
        self.unread = False
        if "chunked" not in (self.headers.get("Transfer-Encoding") or ""):
            length = int(self.headers.get("Content-Length") or 0)
            return self.rfile.read(length if limit is None else min(limit, length))
        whole = bytearray()
        while limit is None or len(whole) < limit:
            count = int(self.rfile.readline().split(b";")[0], 16)
            whole += self.rfile.read(count)
            self.rfile.readline()
            if count == 0:
                break
        return bytes(whole[:limit])

    def note(self, answer):
        line = {"method": self.command, "path": self.path, "port": self.server.server_port,
                "status": answer.status}
        for name in ("Host", "Authorization", "Range", "Content-Range", "Content-Length", "User-Agent",
                     "Accept", "Accept-Encoding"):
            if self.headers.get(name) is not None:
                line[name.lower()] = self.headers[name]
        if not self.path.startswith(("/_log", "/_reset")):
            self.server.registry.log(line)

    # MARK: what is said

    def send(self, answer):
        if self.unread is None:
            self.read()
        if answer.cut == -1:
            return self.end()
        if answer.silent == -1:
            return self.be_silent()
        self.send_response(answer.status)
        for name, value in answer.headers.items():
            self.send_header(name, value)
        if answer.told is False:
            self.send_header("Transfer-Encoding", "chunked")
        elif answer.status != 204:
            self.send_header("Content-Length", str(answer.length() if answer.told is None else answer.told))
        self.end_headers()
        if self.command != "HEAD" and answer.status != 204:
            self.send_body(answer)

    def send_body(self, answer):
        limit = answer.cut if answer.cut is not None else answer.silent
        end = answer.end if limit is None else answer.start + limit if answer.end is None else \
            min(answer.start + limit, answer.end)
        for piece in content.pieces(answer.content, answer.start, end):
            if answer.told is False:
                piece = b"%x\r\n" % len(piece) + piece + b"\r\n"
            self.wfile.write(piece)
        if answer.silent is not None:
            return self.be_silent()
        if answer.cut is not None:
            return self.end()
        if answer.told is False:
            self.wfile.write(b"0\r\n\r\n")

    def end(self):
        self.close_connection = True
        self.connection.shutdown(socket.SHUT_RDWR)

    def be_silent(self):
        """Says nothing until the other side is gone."""
        self.close_connection = True
        self.connection.settimeout(self.timeout)
        self.rfile.read(1)

    def handle(self):
        try:
            super().handle()
        except (ConnectionError, TimeoutError, OSError):
            pass


def token_answer():
    members = {"token": TOKEN, "expires_in": 300}
    return Answer(200, {"Content-Type": "application/json"}, json.dumps(members).encode())


def honest_answer(image, request):
    """What a registry without malice says."""
    if request.kind == "token":
        return token_answer()
    if request.kind == "manifest":
        found = image.manifest(request.reference)
        if not found:
            return error(404, "MANIFEST_UNKNOWN", "manifest unknown")
        headers = {"Content-Type": found[1], "Docker-Content-Digest": content.digest(found[0])}
        return Answer(200, headers, found[0])
    if request.kind in ("config", "layer", "elsewhere"):
        if request.reference not in image.blobs:
            return error(404, "BLOB_UNKNOWN", "blob unknown to registry")
        headers = {"Content-Type": "application/octet-stream", "Docker-Content-Digest": request.reference}
        return Answer(200, headers, image.blobs[request.reference])
    if request.kind == "tags":
        body = json.dumps({"name": request.repository, "tags": ["latest"]}).encode()
        return Answer(200, {"Content-Type": "application/json"}, body)
    return Answer(200, {"Content-Type": lies.OCI["index"]}, json.dumps(lies.index()).encode())
