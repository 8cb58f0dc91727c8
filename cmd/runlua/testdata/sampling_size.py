"""The cheapest model: every atom in the origin. What is left is the pipe."""
import struct
import sys

src, dst = sys.stdin.buffer, sys.stdout.buffer


def receive():
    head = src.read(8)
    if not head:
        sys.exit()
    return src.read(struct.unpack("<4sI", head)[1])


def send(kind, payload):
    dst.write(struct.pack("<4sI", kind, len(payload)) + payload)
    dst.flush()


hello = receive()
send(b"HELO", struct.pack("<IIII", 1, 0, 0, 0) + b"origin")
while True:
    ask = receive()
    send(b"ANSW", ask[:8] + ask[16:24] + bytes(len(ask) - 24))
