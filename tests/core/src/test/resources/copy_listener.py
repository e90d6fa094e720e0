"""Has a copy of a process's listener, as its child would between fork and exec, until its input ends."""
import ctypes
import os
import socket
import sys

PIDFD_GETFD = 438
pid, port = int(sys.argv[1]), int(sys.argv[2])
process = os.pidfd_open(pid)
libc = ctypes.CDLL(None, use_errno=True)


def copy(descriptor):
    copied = libc.syscall(PIDFD_GETFD, process, descriptor, 0)
    if copied < 0:
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))
    return socket.socket(fileno=copied)


def is_listener(candidate):
    return candidate.family != socket.AF_UNIX and candidate.getsockname()[1] == port


for name in os.listdir(f"/proc/{pid}/fd"):
    try:
        if os.readlink(f"/proc/{pid}/fd/{name}").startswith("socket:"):
            listener = copy(int(name))
            if is_listener(listener):
                print("copied", flush=True)
                sys.stdin.read()
            listener.close()
    except FileNotFoundError:
        pass  # closed meanwhile
