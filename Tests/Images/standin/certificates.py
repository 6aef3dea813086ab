# SPDX-License-Identifier: Apache-2.0
"""Keys and certificates of a day, made with openssl."""
import subprocess


def openssl(*arguments):
    subprocess.run(["openssl", *map(str, arguments)], check=True, capture_output=True)


# Made in no time, also where the machine is emulated.
CURVE = ("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes")


def authority(directory, name="authority", key_type=CURVE):
    """A certificate authority. Returns (key, certificate)."""
    key, certificate = directory / (name + ".key"), directory / (name + ".pem")
    openssl("req", "-x509", *key_type, "-days", "2", "-subj", f"/CN=tests {name}",
            "-keyout", key, "-out", certificate)
    return key, certificate


def server(directory, issuer):
    """A certificate for 127.0.0.1, and names that clients resolve to it. Returns (key, certificate)."""
    key, request, certificate = (directory / name for name in ("server.key", "server.csr", "server.pem"))
    extensions = directory / "server.ext"
    extensions.write_text("subjectAltName = IP:127.0.0.1, DNS:localhost, DNS:registry.localhost\n")
    openssl("req", *CURVE, "-subj", "/CN=localhost", "-keyout", key, "-out", request)
    openssl("x509", "-req", "-in", request, "-CA", issuer[1], "-CAkey", issuer[0], "-CAcreateserial",
            "-days", "2", "-extfile", extensions, "-out", certificate)
    return key, certificate
