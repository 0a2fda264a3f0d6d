#!/usr/bin/env python3
"""verify-server.py MODE ADDRESS PORT [UPSTREAM UPSTREAM-PORT]: a name server on
loopback that lies as MODE says about what the upstream one answers.

verify-server.py resolver ADDRESS PORT FILE: answers from the lines "NAME TYPE
DATA" of FILE; every other name does not exist.
"""
import ipaddress
import os
import socket
import struct
import sys
import threading
import time

TYPES = {"A": 1, "NS": 2, "AAAA": 28}


def name(text):
    return b"".join(bytes([len(x)]) + x.encode() for x in text.split(".")
                    if x) + b"\0"


def question_end(message):
    at = 12
    while message[at]:
        at += message[at] + 1
    return at + 5


def head(query, flags, counts=(1, 0, 0, 0)):
    return query[:2] + struct.pack(">5H", flags, *counts)


def plain(query, flags):
    """No record, and the flags."""
    return head(query, flags) + query[12:question_end(query)]


def records(message, kind):
    """Places of records of that type, by their fixed part: TTL and on."""
    mark, at = struct.pack(">2H", kind, 1), question_end(message)
    while (at := message.find(mark, at)) >= 0:
        at += 4
        yield at


def lie(message):
    out = bytearray(message)
    for at in records(message, 1):
        if message[at + 4:at + 6] == b"\0\4":
            out[at + 9] ^= 0xff
    return bytes(out)


def behind(message):
    out = bytearray(message)
    for at in records(message, 6):
        end = at + 6 + struct.unpack_from(">H", message, at + 4)[0]
        serial = struct.unpack_from(">I", message, end - 20)[0]
        struct.pack_into(">I", out, end - 20, serial - 1)
    return bytes(out)


def has_edns(query):
    return query[11] == 1


class Server:
    def __init__(self, mode, address, port, rest):
        self.mode, self.at = mode, (address, port)
        self.family = socket.AF_INET6 if ":" in address else socket.AF_INET
        if mode == "resolver":
            with open(rest[0], encoding="ascii") as file:
                self.rows = [line.split() for line in file]
        elif rest:
            self.up = (rest[0], int(rest[1]))
        self.seen = set()

    def upstream(self, query, tcp):
        with socket.socket(socket.AF_INET, socket.SOCK_STREAM if tcp else
                           socket.SOCK_DGRAM) as s:
            s.settimeout(5)
            s.connect(self.up)
            if not tcp:
                s.send(query)
                return [s.recv(65535)]
            s.sendall(struct.pack(">H", len(query)) + query)
            kind = query[question_end(query) - 4:question_end(query) - 2]
            return self.messages(s, kind == struct.pack(">H", 252))

    @staticmethod
    def messages(s, transfer):
        """The one answer; of a transfer all, until the peer is silent."""
        out, data = [], b""
        s.settimeout(20)
        try:
            while transfer or not out:
                more = s.recv(65535)
                if not more:
                    break
                data += more
                while len(data) >= 2 + int.from_bytes(data[:2], "big") > 2:
                    n = 2 + int.from_bytes(data[:2], "big")
                    out.append(data[2:n])
                    data = data[n:]
                    s.settimeout(1)
        except OSError:
            pass
        return out

    def resolve(self, query):
        end = question_end(query)
        kind = struct.unpack(">H", query[end - 4:end - 2])[0]
        rows = [r for r in self.rows if name(r[0]) == query[12:end - 4]]
        answers = b""
        count = 0
        for _, word, data in rows:
            if TYPES[word] != kind:
                continue
            body = (name(data) if word == "NS"
                    else ipaddress.ip_address(data).packed)
            answers += b"\xc0\x0c" + struct.pack(">2HIH", kind, 1, 60,
                                                 len(body)) + body
            count += 1
        flags = 0x8180 if rows else 0x8183
        return head(query, flags, (1, count, 0, 0)) + query[12:end] + answers

    def answers(self, query, tcp):
        """What goes out for a query: messages, or None to hang up."""
        mode = self.mode
        if mode == "resolver":
            return [self.resolve(query)]
        if mode == "refused":
            return [plain(query, 0x8005)]
        if mode == "lame":
            return [plain(query, 0x8000)]
        if mode in ("silent", "flooding"):
            return []
        if mode == "garbage":
            return [plain(query, 0x8400)[:6] + b"\0\7\0\0\0\0" +
                    query[12:question_end(query)] + b"\xc0"]
        if mode == "loop":
            # The owner of the one record points to itself.
            end = question_end(query)
            return [head(query, 0x8400, (1, 1, 0, 0)) + query[12:end] +
                    struct.pack(">H", 0xc000 | end) + b"\0\1\0\1" + bytes(6)]
        if mode == "echo":
            return [query]
        if mode == "other-id":
            return [bytes([query[0] ^ 1]) + plain(query, 0x8403)[1:]]
        if mode == "tc-on-tcp":
            return [plain(query, 0x8600)]
        if mode in ("truncating", "tcp-dead", "half") and not tcp:
            return [plain(query, 0x8600)]
        if mode == "tcp-dead":
            return None
        if mode == "half":
            return []
        if mode == "no-edns" and has_edns(query):
            return [head(query, 0x8001, (0, 0, 0, 0))]
        if mode == "lossy" and not tcp and query[12:] not in self.seen:
            self.seen.add(query[12:])
            return []
        if mode == "dying" and len(self.seen) >= 6:
            return []
        self.seen.add(query[12:])
        if mode == "slow":
            time.sleep(0.3)
        out = self.upstream(query, tcp)
        if mode == "lying":
            return [lie(m) for m in out]
        if mode == "behind":
            return [behind(m) for m in out]
        if mode == "spoofed":
            other = bytes([out[0][0] ^ 1]) + lie(out[0])[1:]
            wrong = bytearray(lie(out[0]))
            wrong[13] ^= 3
            return [other, bytes(wrong)] + out
        return out

    def udp(self, s):
        while True:
            query, peer = s.recvfrom(65535)
            threading.Thread(target=self.udp_one, args=(s, query, peer),
                             daemon=True).start()

    def udp_one(self, s, query, peer):
        while self.mode == "flooding":
            s.sendto(bytes([query[0] ^ 1]) + plain(query, 0x8403)[1:], peer)
        for m in self.answers(query, False) or []:
            s.sendto(m, peer)

    def tcp(self):
        with socket.socket(self.family, socket.SOCK_STREAM) as s:
            s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            s.bind(self.at)
            s.listen(128)
            print("ready", flush=True)
            while True:
                peer, _ = s.accept()
                threading.Thread(target=self.tcp_one, args=(peer,),
                                 daemon=True).start()

    def tcp_one(self, peer):
        with peer:
            data = peer.recv(65535)
            while 2 <= len(data) < 2 + struct.unpack(">H", data[:2])[0]:
                data += peer.recv(65535)
            answers = self.answers(data[2:], True)
            if answers is None or len(data) < 2:
                return
            if self.mode == "half":
                peer.sendall(b"\1\0" + data[2:7])
                return
            for m in answers:
                peer.sendall(struct.pack(">H", len(m)) + m)
            peer.settimeout(5)
            try:
                peer.recv(1)
            except OSError:
                pass


def main():
    server = Server(sys.argv[1], sys.argv[2], int(sys.argv[3]), sys.argv[4:])
    datagrams = socket.socket(server.family, socket.SOCK_DGRAM)
    datagrams.bind(server.at)
    threading.Thread(target=server.udp, args=(datagrams,), daemon=True).start()
    try:
        server.tcp()
    except KeyboardInterrupt:
        os._exit(0)


main()
