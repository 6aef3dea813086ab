# SPDX-License-Identifier: Apache-2.0
"""How a registry can behave badly with honest images: connections, ranges, redirects, logins, refusals.

A function with (request, honest answer) returns what is said instead. `request.number` is the number in the
image's name: a byte where a connection is cut, or how many times something fails.
"""
import dataclasses
import email.utils

from .answers import Answer, challenge, error, ranged
from .content import noise, size
from .lies import Lie, change, only

ACCOUNT = "Basic dXNlcjpwYXNzOndvcmQ="  # user:pass:word
TOKEN = "good-token"


# --- connections

def cut(_, answer, at):
    return dataclasses.replace(answer, cut=-1 if at is None else at)


def cut_at(kind):
    return only(kind)(lambda request, answer: cut(request, answer, request.number))


def cut_token(request, answer):
    return cut(request, answer, None) if request.kind == "token" else challenge(request, "bearer")


def interrupted(later):
    """The second layer is cut the first time; `later` answers what asks for the rest."""
    def answer(request, honest):
        if request.kind != "layer" or size(honest.content) < 100_000:
            return honest
        if request.count == 1:
            return dataclasses.replace(honest, cut=request.number)
        return later(request, honest)
    return answer


def honours_range(request, honest):
    return ranged(honest, request.headers.get("Range"))


def ignores_range(_, honest):
    return dataclasses.replace(honest, headers=honest.headers | {"X-Ranges": "ignored"})


def wrong_range(request, honest):
    """Says 206 and sends from the start."""
    right = honours_range(request, honest)
    whole = size(honest.content)
    headers = honest.headers | {"Content-Range": f"bytes 0-{whole - 1}/{whole}"}
    return dataclasses.replace(right, headers=headers, start=0, end=whole) if right.status == 206 else right


def lying_range(request, honest):
    """Says that it is the range that was asked for, and sends from the start."""
    right = honours_range(request, honest)
    if right.status != 206:
        return right
    return dataclasses.replace(right, start=0, end=right.length())


def changed_rest(request, honest):
    """The rest is of another file of the same length."""
    return honours_range(request, dataclasses.replace(honest, content=noise(size(honest.content), "rest")))


def refuses_range(request, honest):
    if request.headers.get("Range"):
        return Answer(416, {"Content-Range": f"bytes */{size(honest.content)}"})
    return honest


def by_steps(request, honest):
    """Each answer gets only so far: who keeps what came will be done in the end."""
    if request.kind != "layer" or size(honest.content) < 100_000:
        return honest
    return dataclasses.replace(honours_range(request, honest), cut=request.number)


CONNECTIONS = {
    "cut-manifest": Lie(answer=cut_at("manifest")), "cut-config": Lie(answer=cut_at("config")),
    "cut-layer": Lie(answer=cut_at("layer")), "cut-token": Lie(answer=cut_token),
    "once": Lie(answer=interrupted(honours_range), number=100_000),
    "once-ignores-range": Lie(answer=interrupted(ignores_range), number=100_000),
    "once-wrong-range": Lie(answer=interrupted(wrong_range), number=100_000),
    "once-lying-range": Lie(answer=interrupted(lying_range), number=100_000),
    "once-changed": Lie(answer=interrupted(changed_rest), number=100_000),
    "once-refuses-range": Lie(answer=interrupted(refuses_range), number=100_000),
    "steps": Lie(answer=by_steps, number=100_000),
    "silent-manifest": Lie(answer=only("manifest")(change(silent=-1))),
    "silent-layer": Lie(answer=only("layer")(lambda request, answer: dataclasses.replace(
        answer, silent=request.number)), number=0),
    "header-endless": Lie(answer=only("manifest")(lambda _, answer: dataclasses.replace(
        answer, headers=answer.headers | {f"X-{n}": "h" * 60000 for n in range(2000)}))),
}


# --- redirects; with a login, so that there is something to give away

def redirected(target, scheme="bearer", status=307):
    def answer(request, honest):
        wanted = ACCOUNT if scheme == "basic" else "Bearer " + TOKEN
        if request.kind in ("token", "elsewhere"):
            return honest
        if request.headers.get("Authorization") != wanted:
            return challenge(request, scheme)
        if request.kind not in ("layer", "config"):
            return honest
        place = target.format(port=request.port, other=request.other_port, reference=request.reference,
                              path=f"_elsewhere/{request.repository}/{request.reference}")
        return Answer(status, {"Location": place})
    return answer


REDIRECTS = {
    "redirect": Lie(answer=redirected("http://127.0.0.1:{other}/{path}")),
    "redirect-host": Lie(answer=redirected("http://localhost:{other}/{path}")),
    "redirect-basic": Lie(answer=redirected("http://127.0.0.1:{other}/{path}", "basic")),
    "redirect-same": Lie(answer=redirected("/{path}")),
    "redirect-302": Lie(answer=redirected("http://127.0.0.1:{other}/{path}", status=302)),
    "redirect-loop": Lie(answer=redirected("?again")),
    "redirect-file": Lie(answer=redirected("file:///etc/passwd")),
    "redirect-ftp": Lie(answer=redirected("ftp://127.0.0.1:{other}/{path}")),
    "redirect-none": Lie(answer=redirected("")),
    "redirect-account": Lie(answer=redirected("http://name:secret@127.0.0.1:{other}/{path}")),
}


# --- logins

def token_login(request, honest):
    if request.kind == "token" or request.bearer == TOKEN:
        return honest
    return challenge(request, "bearer")


def basic_login(request, honest):
    return honest if request.headers.get("Authorization") == ACCOUNT else challenge(request, "basic")


def login_expires(request, honest):
    """Every so many requests a new token is wanted."""
    if request.kind == "token" or request.bearer == TOKEN and request.total % request.number:
        return honest
    return challenge(request, "bearer")


def asks_at(realm):
    return lambda request, honest: honest if request.kind == "token" else challenge(request, "bearer", realm)


def says(value):
    headers = {"WWW-Authenticate": value} if value else {}
    return lambda request, honest: error(401, "UNAUTHORIZED", "no", headers)


def token_is(content):
    return lambda request, honest: dataclasses.replace(honest, content=content) if request.kind == "token" \
        else token_login(request, honest)


def asks_elsewhere(request, honest):
    if request.kind == "token" or request.bearer == TOKEN:
        return honest
    return challenge(request, "bearer", f"http://127.0.0.1:{request.other_port}/_token/{request.repository}")


LOGINS = {
    "login-token": Lie(answer=token_login), "login-basic": Lie(answer=basic_login),
    "login-loop": Lie(answer=asks_at(None)),
    "login-loop-basic": Lie(answer=lambda request, _: challenge(request, "basic")),
    "login-expires": Lie(answer=login_expires, number=3),
    "login-file": Lie(answer=asks_at("file:///etc/passwd")),
    "login-other": Lie(answer=asks_elsewhere),
    "login-nobody": Lie(answer=asks_at("http://127.0.0.1:1/token")),
    "login-none": Lie(answer=says(None)), "login-garbage": Lie(answer=says('Bearer realm="unended,,=')),
    "login-unknown": Lie(answer=says("Negotiate")),
    "login-empty-token": Lie(answer=token_is(b"{}")), "login-no-json": Lie(answer=token_is(b"<html>")),
    "login-newline-token": Lie(answer=token_is(b'{"token":"good-token\\r\\nX-Injected: yes"}')),
    "login-access-token": Lie(answer=token_is(b'{"access_token":"good-token"}')),
    "login-large-token": Lie(answer=token_is(b'{"token":"' + b"t" * (8 << 20) + b'"}')),
    "login-denied": Lie(answer=lambda request, honest: error(403, "DENIED", "no such account")
                        if request.kind == "token" else token_login(request, honest)),
}


# --- refusals

def first(kinds, refusal):
    """So many requests of these kinds are refused, then all is well."""
    def answer(request, honest):
        failing = request.kind in kinds and (request.number is None or request.count <= request.number)
        return refusal() if failing else honest
    return answer


ALL = ("manifest", "config", "layer")


def busy(after):
    return lambda: error(429, "TOOMANYREQUESTS", "you have reached your pull rate limit",
                         {"Retry-After": after()})


REFUSALS = {
    "busy": Lie(answer=first(ALL, busy(lambda: "1")), number=1),
    "busy-now": Lie(answer=first(ALL, busy(lambda: "0")), number=3),
    "busy-date": Lie(answer=first(ALL, busy(lambda: email.utils.formatdate(usegmt=True))), number=1),
    "busy-always": Lie(answer=first(ALL, busy(lambda: "0"))),
    "busy-long": Lie(answer=first(ALL, busy(lambda: "86400"))),
    "busy-garbage": Lie(answer=first(ALL, busy(lambda: "-99999999999999999999")), number=1),
    "fails": Lie(answer=first(ALL, lambda: error(500, "UNKNOWN", "something broke")), number=1),
    "fails-always": Lie(answer=first(ALL, lambda: error(500, "UNKNOWN", "something broke"))),
    "fails-layer": Lie(answer=first(("layer",), lambda: error(502, "UNKNOWN", "bad gateway")), number=1),
    "unavailable": Lie(answer=first(ALL, lambda: Answer(503, {}, b"<html>down</html>")), number=1),
    "missing": Lie(answer=first(("manifest",), lambda: error(404, "MANIFEST_UNKNOWN", "manifest unknown"))),
    "missing-layer": Lie(answer=first(("layer",), lambda: error(404, "BLOB_UNKNOWN", "blob unknown"))),
    "missing-config": Lie(answer=first(("config",), lambda: error(404, "BLOB_UNKNOWN", "blob unknown"))),
    "denied": Lie(answer=first(ALL, lambda: error(403, "DENIED", "requested access is denied"))),
    "message": Lie(answer=first(ALL, lambda: error(
        400, "UNKNOWN", "red \x1b[31m\x07\r\nsecond line " + "m" * 9999))),
    "status": Lie(answer=first(ALL, lambda: Answer(299, {}, b"?"))),
    "no-content": Lie(answer=first(ALL, lambda: Answer(204))),
}

CONDUCT = {**CONNECTIONS, **REDIRECTS, **LOGINS, **REFUSALS}
