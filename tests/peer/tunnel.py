# SPDX-License-Identifier: Apache-2.0
"""A service behind TLS that thinks for 0.7 s, and a proxy that opens tunnels to it and to nowhere
else. Arguments: certificate and key. Says the two ports, then each request that it is sent."""
import os
import socket
import ssl
import sys
import threading
import time

context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
context.load_cert_chain(*sys.argv[1:3])


# One write: a thread's print comes in parts, and those of two threads would share a line.
def say(*words):
    os.write(1, (' '.join(words) + '\n').encode())


def listen():
    s = socket.socket()
    s.bind(('127.0.0.1', 0))
    s.listen(8)
    return s


def serve(plain):
    try:
        with context.wrap_socket(plain, server_side=True) as s:
            say('service', s.recv(65536).split(b'\r\n')[0].decode())
            time.sleep(0.7)
            s.sendall(b'HTTP/1.1 200 OK\r\nContent-Length: 7\r\n\r\n{"a":1}')
            s.recv(1)
    except OSError:
        pass


def pump(a, b):
    try:
        while data := a.recv(65536):
            b.sendall(data)
        b.shutdown(socket.SHUT_WR)
    except OSError:
        pass


def tunnel(client):
    line = client.recv(65536).split(b'\r\n')[0].decode()
    say('proxy', line)
    try:
        server = socket.create_connection(service.getsockname())
        client.sendall(b'HTTP/1.1 200 Connection established\r\nVia: 1.1 tunnel\r\n\r\n')
    except OSError:
        return
    threading.Thread(target=pump, args=(client, server), daemon=True).start()
    pump(server, client)


def accept(s, answer):
    while True:
        threading.Thread(target=answer, args=(s.accept()[0],), daemon=True).start()


service, proxy = listen(), listen()
say('ports', str(service.getsockname()[1]), str(proxy.getsockname()[1]))
threading.Thread(target=accept, args=(service, serve), daemon=True).start()
accept(proxy, tunnel)
