# SPDX-License-Identifier: Apache-2.0
"""What was asked, what is answered, and how an answer is changed into a lie."""
import dataclasses
import json
import re

from . import content as contents


@dataclasses.dataclass
class Request:
    method: str
    # ping, token, manifest, config, layer, referrers, tags, elsewhere
    kind: str
    repository: str
    reference: str
    headers: object
    # How often this very thing was asked for, and anything but a token in this repository; both from 1.
    count: int
    total: int
    # The number in the image's name, or the lie's own.
    number: int | None
    # Ports of this registry and of the other host.
    port: int = 0
    other_port: int = 0

    @property
    def bearer(self):
        return (self.headers.get("Authorization") or "").removeprefix("Bearer ")


@dataclasses.dataclass
class Answer:
    status: int = 200
    headers: dict = dataclasses.field(default_factory=dict)
    content: object = b""
    # The part of the content that is sent.
    start: int = 0
    end: int | None = None
    # None: as long as it is. False: chunked. A number: what Content-Length says.
    told: int | bool | None = None
    # The connection ends, or goes silent, after so many bytes of the body; -1: before anything is said.
    cut: int | None = None
    silent: int | None = None

    def length(self):
        whole = contents.size(self.content)
        return max(0, (whole if self.end is None else min(self.end, whole)) - self.start)


def error(status, code, message, headers=None):
    body = json.dumps({"errors": [{"code": code, "message": message, "detail": {}}]}).encode()
    return Answer(status, {"Content-Type": "application/json"} | (headers or {}), body)


def ranged(answer, header):
    """The answer with the range that was asked for. See RFC 9110, 14.2."""
    wanted = re.fullmatch(r"bytes=(\d+)-(\d*)", header or "")
    if not wanted or answer.status != 200:
        return answer
    whole, start = contents.size(answer.content), int(wanted[1])
    end = min(int(wanted[2]) + 1, whole) if wanted[2] else whole
    if start >= whole or end <= start:
        return Answer(416, {"Content-Range": f"bytes */{whole}"})
    headers = answer.headers | {"Content-Range": f"bytes {start}-{end - 1}/{whole}"}
    return dataclasses.replace(answer, status=206, headers=headers, start=start, end=end)


def challenge(request, scheme, realm=None):
    """401 with what to do about it."""
    if scheme == "basic":
        value = 'Basic realm="hostile"'
    else:
        realm = realm or f"http://127.0.0.1:{request.port}/_token/{request.repository}"
        value = f'Bearer realm="{realm}",service="hostile",scope="repository:{request.repository}:pull"'
    return error(401, "UNAUTHORIZED", "authentication required", {"WWW-Authenticate": value})
