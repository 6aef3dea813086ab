# SPDX-License-Identifier: Apache-2.0
"""Servers that do not outlive whoever started them, however that ends."""
import ctypes
import os
import select
import signal
import sys
import threading

PR_SET_PDEATHSIG = 1


# Taken by `wait_for_end` alone: a handler could run just before a wait, and then nothing would end it.
ENDING = {signal.SIGTERM, signal.SIGINT, signal.SIGCHLD}


def hold_signals():
    """Before any thread starts: from now on signals wait for `wait_for_end`."""
    signal.pthread_sigmask(signal.SIG_BLOCK, ENDING)


def wait_for_end(child=None):
    """Returns when SIGTERM or SIGINT came, or the child has ended."""
    while True:
        if signal.sigwait(ENDING) != signal.SIGCHLD or child and child.poll() is not None:
            return


def child_ends_with_us():
    """For `preexec_fn`. See prctl(2)."""
    signal.pthread_sigmask(signal.SIG_UNBLOCK, ENDING)
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
