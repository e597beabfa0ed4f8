# SPDX-License-Identifier: Apache-2.0
"""A service that misbehaves in one way. rude.py MODE [CERT KEY]: listens, with TLS when a certificate is given, on a free port of loopback and prints it,
then a line for each request that arrives: "request CONNECTION NUMBER METHOD PATH"."""
import socket, ssl, sys, threading, time

mode = sys.argv[1]
good = b'{"reply": "We are open from Monday to Saturday.", "id": "K-1"}'


def whole(body, status=b'200 OK', extra=b''):
    return b'HTTP/1.1 ' + status + b'\r\nContent-Type: application/json\r\n' + extra + \
        b'Content-Length: %d\r\n\r\n' % len(body) + body


def read_request(s):
    data = b''
    while b'\r\n\r\n' not in data:
        piece = s.recv(65536)
        if not piece:
            return None
        data += piece
    head, body = data.split(b'\r\n\r\n', 1)
    for line in head.split(b'\r\n'):
        if line.lower().startswith(b'content-length:'):
            while len(body) < int(line.split(b':')[1]):
                body += s.recv(65536)
    return head


def answer(s, number, head):
    """What to do with one request; False ends the connection."""
    path = head.split(b' ')[1]
    if mode == 'cookie':
        if path == b'/login':
            s.sendall(whole(good, extra=b'Set-Cookie: sid=secret-cookie-77; Path=/; HttpOnly\r\n'))
        elif b'sid=secret-cookie-77' in head:
            s.sendall(whole(good))
        else:
            s.sendall(whole(b'{}', b'401 Unauthorized'))
    elif mode == 'good':
        s.sendall(whole(good))
    elif mode == 'half-chunk':
        s.sendall(b'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n40\r\n' + good[:20])
        return False
    elif mode == 'wrong-length':
        s.sendall(b'HTTP/1.1 200 OK\r\nContent-Length: 5000\r\n\r\n' + good)
        return False
    elif mode == 'endless':
        s.sendall(b'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n')
        while True:
            s.sendall(b'1\r\n \r\n')
            time.sleep(0.05)
    elif mode == 'huge':
        s.sendall(b'HTTP/1.1 200 OK\r\nContent-Length: 1000000000\r\n\r\n')
        while True:
            s.sendall(b' ' * 65536)
    elif mode == 'headers':
        s.sendall(b'HTTP/1.1 200 OK\r\n' + b'X-Flood: ' + b'y' * 200 + b'\r\n')
        while True:
            s.sendall((b'X-Flood: ' + b'y' * 200 + b'\r\n') * 50)
    elif mode == 'silent':
        time.sleep(5)
        return False
    elif mode == 'reset':
        return False
    elif mode == 'drop-second':
        if number > 1:
            return False
        s.sendall(whole(good))
    elif mode == 'redirect':
        s.sendall(whole(b'', b'302 Found', b'Location: http://127.0.0.3:1/elsewhere\r\n'))
    elif mode == 'throttle':
        s.sendall(whole(b'{}', b'429 Too Many Requests', b'Retry-After: 0\r\n'))
    elif mode == 'cut-json':
        s.sendall(whole(good[:-9]))
    elif mode == 'not-json':
        s.sendall(whole(b'<html>hello</html>'))
    elif mode == 'no-reply':
        s.sendall(whole(b'{"answer": "somewhere else"}'))
    return True


def serve(s, connection):
    number = 0
    try:
        if context is not None:
            s = context.wrap_socket(s, server_side=True)
        while True:
            head = read_request(s)
            if head is None:
                break
            number += 1
            first = head.split(b'\r\n')[0].decode('latin-1').split(' ')
            print('request', connection, number, first[0], first[1], flush=True)
            if not answer(s, number, head):
                break
    except OSError:
        pass
    finally:
        s.close()


context = None
if len(sys.argv) > 3:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(sys.argv[2], sys.argv[3])
listener = socket.socket()
listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
listener.bind(('127.0.0.1', 0))
listener.listen(64)
print('listening', listener.getsockname()[1], flush=True)
connection = 0
while True:
    s, _ = listener.accept()
    connection += 1
    threading.Thread(target=serve, args=(s, connection), daemon=True).start()
