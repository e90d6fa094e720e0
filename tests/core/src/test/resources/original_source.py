"""The original's source, and nothing more: listens, accepts in its io-handler, keeps the connection."""
import select
import socket
import sys

listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
listener.bind(("", int(sys.argv[1])))
listener.listen(1024)
print("listening", listener.getsockname()[1], flush=True)
connections = []
while True:
    select.select([listener], [], [])
    connections.append(listener.accept()[0])
    print("accepted", flush=True)
