#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Another reader of OSCORE: tshark, given the keys, decrypts every protected message that our client
and server exchange. A relay in between writes the capture. TAP; skipped where tshark is missing."""
import os
import re
import shutil
import socket
import struct
import subprocess
import sys
import tempfile
import threading

from tap import finish, result

OMBUD = sys.argv[1]
SECRET = "0102030405060708090a0b0c0d0e0f10"
SALT = "9e7ca92223786340"


class Relay(threading.Thread):
    """Hands datagrams on between one client and the server, and keeps them."""

    def __init__(self, server_port):
        super().__init__(daemon=True)
        self.server = ("127.0.0.1", server_port)
        self.front = socket.socket(type=socket.SOCK_DGRAM)
        self.front.bind(("127.0.0.1", 0))
        self.seen = []  # (port of the client, to the server?, bytes)
        self.backs = {}

    def run(self):
        while True:
            data, client = self.front.recvfrom(2048)
            if not data:
                return
            if client not in self.backs:
                back = socket.socket(type=socket.SOCK_DGRAM)
                back.connect(self.server)
                self.backs[client] = back
                threading.Thread(target=self.back, args=(back, client), daemon=True).start()
            self.seen.append((client[1], True, data))
            self.backs[client].send(data)

    def back(self, back, client):
        while True:
            data = back.recv(2048)
            self.seen.append((client[1], False, data))
            self.front.sendto(data, client)


def checksum(data):
    total = sum(struct.unpack(f"!{len(data) // 2}H", data))
    while total >> 16:
        total = (total & 0xFFFF) + (total >> 16)
    return ~total & 0xFFFF


def pcap(path, seen):
    """Link type 101: bare IP packets."""
    with open(path, "wb") as out:
        out.write(struct.pack("<IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, 65535, 101))
        for i, (client, up, data) in enumerate(seen):
            udp = struct.pack("!HHHH", client if up else 5683, 5683 if up else client,
                              8 + len(data), 0) + data
            ends = b"\x7f\x00\x00\x02\x7f\x00\x00\x01" if up else b"\x7f\x00\x00\x01\x7f\x00\x00\x02"
            head = struct.pack("!BBHHHBBH", 0x45, 0, 20 + len(udp), i, 0, 64, 17, 0) + ends
            head = head[:10] + struct.pack("!H", checksum(head)) + head[12:]
            out.write(struct.pack("<IIII", i, 0, len(head + udp), len(head + udp)) + head + udp)


def without_cancellation(seen):
    """An observation is ended under its own token (RFC 7641, 3.6). tshark takes the answer for one to
    the registration, whose token it knows, and then its tag cannot be right."""
    tokens = {}
    ended = set()
    for client, up, data in seen:
        if up and data[1] != 0:
            token = client, data[4:4 + (data[0] & 15)]  # tokens of two clients may be the same
            if tokens.setdefault(token, data[2:4]) != data[2:4]:
                ended.add((client, data[2:4]))
    return [row for row in seen if (row[0], row[2][2:4]) not in ended], len(ended)


def write(name, text, mode=0o644):
    with open(name, "w") as out:
        out.write(text)
    os.chmod(name, mode)


def run(*words, data=None):
    return subprocess.run([OMBUD, "link", *words], input=data, capture_output=True, timeout=60)


def main():
    tshark = shutil.which("tshark")
    if tshark is None:
        print("ok 1 - tshark decrypts what we protect # SKIP there is no tshark here\n1..1")
        return
    write("secret", SECRET, 0o600)
    write("server.yaml", f"""ombud: 1
state: server.state
contexts:
- {{name: meter, sender-id: "01", recipient-id: "02", secret: secret, salt: "{SALT}"}}
""")
    write("client.yaml", f"""ombud: 1
state: client.state
contexts:
- {{name: server, sender-id: "02", recipient-id: "01", secret: secret, salt: "{SALT}"}}
""")
    server = subprocess.Popen([OMBUD, "link", "serve", "--listen", "127.0.0.1:0", "--config",
                               "server.yaml"], stdout=subprocess.PIPE, text=True)
    try:
        port = int(re.search(r":(\d+)$", server.stdout.readline().strip()).group(1))
        relay = Relay(port)
        relay.start()
        at = f"coap://127.0.0.1:{relay.front.getsockname()[1]}"
        more = ("--oscore", "client.yaml", "--quiet")
        run("request", "GET", at + "/sensor", *more)
        run("request", "PUT", at + "/actuator", "--payload", "-", *more, data=b"on")
        run("request", "GET", at + "/sensor", "--observe", "2", *more)
        run("request", "POST", at + "/faults", "--payload", "-", "--block", "2", *more, data=b"z" * 300)
        got = run("request", "GET", at + "/faults/1", "--block", "2", *more)
        result(got.stdout == b"z" * 300, "the exchanges work through a relay", got)
    finally:
        server.terminate()
        server.wait()
    seen, ended = without_cancellation(relay.seen)
    result(ended == 1, "one observation was ended", ended)
    pcap("run.pcap", seen)
    key = f'"02","01","{SECRET}","{SALT}","","AES-CCM-16-64-128 (CCM*)"'
    seen_by = subprocess.run([tshark, "-r", "run.pcap", "-o", f"uat:oscore_contexts:{key}", "-V"],
                             capture_output=True, text=True, timeout=120)
    text = seen_by.stdout
    protected = len(re.findall(r"Constrained Application Protocol", text))
    opened = len(re.findall(r"Object Security for Constrained RESTful Environments", text))
    result(protected >= len(seen) > 25, f"tshark sees {len(seen)} messages",
          f"{protected}\n{seen_by.stderr}\n{text[:3000]}")
    result(opened == len(seen), "it decrypts every one of them", f"{opened} of {len(seen)}")
    bad = re.findall(r".*(?:tag check failed|[Dd]ecryption failed|not found.*context).*", text)
    result(not bad, "no tag is wrong", "\n".join(bad))
    result("celsius" in text and text.count("z" * 16) >= 4, "and reads what was sent", text[:2000])


if __name__ == "__main__":
    here = tempfile.mkdtemp()
    try:
        os.chdir(here)
        main()
    finally:
        os.chdir("/")
        shutil.rmtree(here)
    finish()
