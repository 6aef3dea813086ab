# SPDX-License-Identifier: Apache-2.0
"""Servers that do not outlive whoever started them, however that ends."""
import ctypes
import os
import select
import signal
import sys
import threading

PR_SET_PDEATHSIG = 1


def child_ends_with_us():
    """For `preexec_fn`. See prctl(2)."""
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)


def end_with(pid):
    """Ends this program, tidily, when the process `pid` has ended. See pidfd_open(2)."""
    try:
        watched = os.pidfd_open(pid)
    except ProcessLookupError:
        sys.exit(0)

    def watch():
        select.select([watched], [], [])
        os.kill(os.getpid(), signal.SIGTERM)

    threading.Thread(target=watch, daemon=True).start()


def exit_on_signals():
    """SIGTERM and SIGINT run what `finally` and `with` hold."""
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: sys.exit(0))
