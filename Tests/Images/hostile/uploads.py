# SPDX-License-Identifier: Apache-2.0
"""Where pushes go: repositories `push/CONDUCT[-NUMBER][/ANYTHING]`, kept in memory; README.md lists them.

What was pushed can be pulled again. See distribution-spec 1.1.
"""
import itertools
import json
import re
import threading
import urllib.parse

from standin.layout import OCI, digest_of

from .answers import Answer, challenge, error, ranged
from .conduct import ACCOUNT, TOKEN

CONDUCTS = {  # name -> default number
    "plain": None, "token": None, "basic": None, "denied": None, "no-mount": None, "fails-start": 1,
    "fails-patch": 1, "fails-put": 1, "fails-manifest": 1, "cut-patch": 1000, "cut-put": 1000, "busy": 1,
    "digest": None, "manifest-refused": None, "location-other": None, "location-absolute": None,
    "location-query": None, "location-file": None, "location-none": None, "chunk-minimum": 65536,
    "too-large": None, "lost": None, "forgets": None,
}


class Cut(Exception):
    """The connection is to end without an answer."""


class Repository:
    def __init__(self):
        self.blobs, self.manifests, self.tags, self.sessions, self.failures = {}, {}, {}, {}, {}


class Uploads:
    def __init__(self):
        self.repositories, self.lock, self.numbers = {}, threading.Lock(), itertools.count(1)

    def repository(self, name):
        return self.repositories.setdefault(name, Repository())

    def answer(self, call):
        """`call` is a request with `conduct`, `rest` of the path, `query` and `read(limit)` besides."""
        with self.lock:
            refused = self.login(call) or self.failing(call)
            if refused:
                return refused
            for pattern, handler in ROUTES:
                match = re.fullmatch(pattern, call.rest)
                if match:
                    return handler(self, call, self.repository(call.repository), *match.groups())
        return error(404, "NAME_UNKNOWN", "no such thing")

    def login(self, call):
        sent = call.headers.get("Authorization")
        if call.conduct == "denied" and call.method not in ("GET", "HEAD"):
            return error(403, "DENIED", "requested access to the resource is denied")
        if call.conduct == "basic" and sent != ACCOUNT:
            return challenge(call, "basic")
        # The other port is not to learn who asks, so there has to be something to learn.
        is_elsewhere = call.conduct == "location-other" and call.rest.startswith("blobs/uploads/upload-")
        if call.conduct in ("token", "location-other") and not is_elsewhere and sent != "Bearer " + TOKEN:
            return challenge(call, "bearer")
        return None

    def failing(self, call):
        """The first `number` requests of one kind fail."""
        wanted = {"fails-start": ("POST", "blobs"), "fails-patch": ("PATCH", "blobs"),
                  "fails-put": ("PUT", "blobs"), "fails-manifest": ("PUT", "manifests"),
                  "busy": (call.method, "")}.get(call.conduct)
        if not wanted or call.method != wanted[0] or not call.rest.startswith(wanted[1]):
            return None
        failures = self.repository(call.repository).failures
        key = (call.method, call.rest) if call.conduct == "busy" else call.conduct
        failures[key] = failures.get(key, 0) + 1
        if failures[key] > call.number:
            return None
        call.read()
        return error(429, "TOOMANYREQUESTS", "slow down", {"Retry-After": "0"}) if call.conduct == "busy" \
            else error(500, "UNKNOWN", "something broke")

    def location(self, call, session):
        path = f"/v2/{call.repository}/blobs/uploads/{session}"
        return {
            "location-other": f"http://127.0.0.1:{call.other_port}{path}", "location-file": "file://" + path,
            "location-absolute": f"http://127.0.0.1:{call.port}{path}",
            "location-query": path + "?_state=a%2Fb%3D&again=1",
        }.get(call.conduct, path)

    def accepted(self, call, repository, session, status=202):
        count = len(repository.sessions[session])
        headers = {"Range": f"0-{max(0, count - 1)}", "Docker-Upload-UUID": session}
        if call.conduct != "location-none":
            headers["Location"] = self.location(call, session)
        if call.conduct == "chunk-minimum":
            headers["OCI-Chunk-Min-Length"] = str(call.number)
        return Answer(status, headers)

    def start(self, call, repository):
        if call.method != "POST":
            return error(405, "UNSUPPORTED", "POST starts an upload")
        body, mount = call.read(), call.query.get("mount")
        source = self.repositories.get(call.query.get("from"))
        if mount and call.conduct != "no-mount" and source and mount in source.blobs:
            repository.blobs[mount] = source.blobs[mount]
            return self.created(call, mount, "blobs")
        session = f"upload-{next(self.numbers)}"
        repository.sessions[session] = bytearray(body)
        if "digest" in call.query:
            return self.finish(call, repository, session)
        return self.accepted(call, repository, session)

    def created(self, call, digest, kind):
        location = f"/v2/{call.repository}/{kind}/{digest}"
        return Answer(201, {"Location": location, "Docker-Content-Digest": digest})

    def finish(self, call, repository, session):
        content = bytes(repository.sessions.pop(session))
        digest = call.query.get("digest", "")
        if call.conduct == "digest" or digest_of(content) != digest:
            return error(400, "DIGEST_INVALID", "provided digest did not match uploaded content")
        if call.conduct != "forgets":
            repository.blobs[digest] = content
        return self.created(call, digest, "blobs")

    def go_on(self, call, repository, session):
        """PATCH, PUT, GET and DELETE of an upload that was started."""
        if call.conduct == "lost" and call.method != "POST" or session not in repository.sessions:
            call.read()
            return error(404, "BLOB_UPLOAD_UNKNOWN", "blob upload unknown to registry")
        if call.conduct == "location-query" and call.query.get("_state") != "a/b=":
            call.read()
            return error(400, "BLOB_UPLOAD_INVALID", "the location's query is missing")
        if call.method == "GET":
            return self.accepted(call, repository, session, 204)
        if call.method == "DELETE":
            del repository.sessions[session]
            return Answer(204)
        return self.receive(call, repository, session)

    def receive(self, call, repository, session):
        content = repository.sessions[session]
        span = re.match(r"(?:bytes )?(\d+)-", call.headers.get("Content-Range") or "")
        if span and int(span[1]) != len(content):
            call.read()
            return self.accepted(call, repository, session, 416)
        if call.conduct == "too-large":
            call.read()
            return error(413, "SIZE_INVALID", "too large")
        if call.conduct == f"cut-{call.method.lower()}" and not repository.failures.get("cut"):
            repository.failures["cut"] = 1
            content += call.read(call.number)
            raise Cut
        content += call.read()
        return self.finish(call, repository, session) if call.method == "PUT" \
            else self.accepted(call, repository, session)

    def blob(self, call, repository, digest):
        if digest not in repository.blobs:
            return error(404, "BLOB_UNKNOWN", "blob unknown to registry")
        headers = {"Content-Type": "application/octet-stream", "Docker-Content-Digest": digest}
        return ranged(Answer(200, headers, repository.blobs[digest]), call.headers.get("Range"))

    def manifest(self, call, repository, reference):
        if call.method == "PUT":
            return self.put_manifest(call, repository, reference)
        digest = repository.tags.get(reference, reference)
        if digest not in repository.manifests:
            return error(404, "MANIFEST_UNKNOWN", "manifest unknown")
        content, media_type = repository.manifests[digest]
        return Answer(200, {"Content-Type": media_type, "Docker-Content-Digest": digest}, content)

    def put_manifest(self, call, repository, reference):
        content = call.read()
        try:
            members = json.loads(content)
        except ValueError:
            return error(400, "MANIFEST_INVALID", "no JSON")
        if call.conduct == "manifest-refused":
            return error(400, "MANIFEST_INVALID", "manifest invalid")
        blobs = [*members.get("layers", []), *filter(None, [members.get("config")])]
        missing = [part["digest"] for parts, there in ((blobs, repository.blobs),
                                                       (members.get("manifests", []), repository.manifests))
                   for part in parts if part["digest"] not in there]
        if missing:
            return error(404, "MANIFEST_BLOB_UNKNOWN", f"blob unknown to registry: {missing[0]}")
        digest = digest_of(content)
        repository.manifests[digest] = content, call.headers.get("Content-Type") or OCI["manifest"]
        if ":" not in reference:
            repository.tags[reference] = digest
        answer = self.created(call, digest, "manifests")
        if "subject" in members:
            answer.headers["OCI-Subject"] = members["subject"]["digest"]
        return answer

    def referrers(self, call, repository, digest):
        found = []
        for name, (content, media_type) in repository.manifests.items():
            members = json.loads(content)
            if members.get("subject", {}).get("digest") == digest:
                found.append({"mediaType": media_type, "digest": name, "size": len(content),
                              "artifactType": members.get("artifactType") or members["config"]["mediaType"]})
        body = json.dumps({"schemaVersion": 2, "mediaType": OCI["index"], "manifests": found}).encode()
        return Answer(200, {"Content-Type": OCI["index"]}, body)

    def tags(self, call, repository):
        body = json.dumps({"name": call.repository, "tags": sorted(repository.tags)}).encode()
        return Answer(200, {"Content-Type": "application/json"}, body)


ROUTES = [(r"blobs/uploads/?", Uploads.start), (r"blobs/uploads/([^/]+)", Uploads.go_on),
          (r"blobs/([^/]+:[^/]+)", Uploads.blob), (r"manifests/([^/]+)", Uploads.manifest),
          (r"referrers/([^/]+)", Uploads.referrers), (r"tags/list", Uploads.tags)]


def query_of(text):
    return {key: values[0] for key, values in urllib.parse.parse_qs(text).items()}
