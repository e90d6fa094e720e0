"""The original's backup, and nothing more: whatever makes the connection readable is a failover."""
import select
import socket
import sys

link = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
link.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
link.setsockopt(socket.SOL_TCP, socket.TCP_KEEPCNT, 5)
link.setsockopt(socket.SOL_TCP, socket.TCP_KEEPIDLE, 1)
link.setsockopt(socket.SOL_TCP, socket.TCP_KEEPINTVL, 1)
link.connect((sys.argv[1], int(sys.argv[2])))
print("connected", flush=True)
select.select([link], [], [])
print("failover", flush=True)
