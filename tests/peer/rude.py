# SPDX-License-Identifier: Apache-2.0
"""Services that misbehave, each in one way. rude.py SPEC...: a SPEC is NAME, or NAME@CERTIFICATE@KEY for TLS; what stands in NAME before a "+" is a mode of
answers() or h2_answer(). Each listens on a free port of loopback and says "listening NAME PORT", then for each request that arrives
"request NAME CONNECTION NUMBER METHOD PATH"."""
import gzip, json, os, socket, ssl, struct, sys, threading, time

good = b'{"reply": "We are open from Monday to Saturday.", "id": "K-1"}'
chat = b'{"choices": [{"delta": {"content": "We are open"}}]}'
chunked = b'HTTP/1.1 200 OK\r\nContent-Type: %s\r\nTransfer-Encoding: chunked\r\n\r\n'
bomb = gzip.compress(b'{"reply": "' + b' ' * 100000000 + b'"}', 9)


def whole(body, status=b'200 OK', extra=b'', kind=b'application/json'):
    return b'HTTP/1.1 ' + status + b'\r\nContent-Type: ' + kind + b'\r\n' + extra + b'Content-Length: %d\r\n\r\n' % len(body) + body


def event(data):
    return b'data: ' + data + b'\n\n'


def say(*words):
    """One write a line: many threads speak."""
    with lock:
        sys.stdout.write(' '.join(map(str, words)) + '\n')
        sys.stdout.flush()


def forever(piece, pause=0.0):
    while True:
        yield piece
        time.sleep(pause)


def field(head, name):
    for line in head.split(b'\r\n'):
        if line.lower().startswith(name + b':'):
            return line.split(b':', 1)[1].strip()
    return b''


def read_request(s):
    data = b''
    while b'\r\n\r\n' not in data:
        piece = s.recv(65536)
        if not piece:
            return None
        data += piece
    head, body = data.split(b'\r\n\r\n', 1)
    while len(body) < int(field(head, b'content-length') or 0):
        body += s.recv(65536)
    return head


def cookies(head, path, extra, wanted):
    """Sets cookies at the login; afterwards the request must carry wanted and nothing foreign."""
    carried = field(head, b'cookie')
    if path == b'/login':
        return whole(good, extra=extra)
    return whole(good) if wanted in carried and b'foreign' not in carried else whole(b'{}', b'401 Unauthorized')


def answers(mode, head, number):
    """The pieces of one answer; the connection ends after those of a mode in ENDS."""
    path = head.split(b' ')[1]
    many = b''.join(b'Set-Cookie: c%d=v; Path=/\r\n' % i for i in range(100))
    foreign = b'Set-Cookie: sid=foreign-cookie-78; Domain=bank.example\r\nSet-Cookie: own=x; Domain=127.0.0.1\r\n'
    simple = {
        'good': whole(good),
        'half-chunk': chunked % b'application/json' + b'40\r\n' + good[:20],
        'chunk-overflow': chunked % b'application/json' + b'f' * 17 + b'\r\n' + good,
        'wrong-length': b'HTTP/1.1 200 OK\r\nContent-Length: 5000\r\n\r\n' + good,
        'two-lengths': b'HTTP/1.1 200 OK\r\nContent-Length: 9\r\nContent-Length: %d\r\n\r\n' % len(good) + good,
        'no-status': b'HTTP/200 OK\r\n\r\n',
        'reset': b'',
        'redirect': whole(b'', b'302 Found', b'Location: http://127.0.0.3:1/elsewhere\r\n'),
        'redirect-host': whole(b'', b'307 Temporary Redirect', b'Location: http://127.0.0.2:%d/elsewhere\r\n' % ports.get('foreign', 1)),
        'throttle': whole(b'{}', b'429 Too Many Requests', b'Retry-After: 0\r\n'),
        'cut-json': whole(good[:-9]),
        'not-json': whole(b'<html>hello</html>'),
        'no-reply': whole(b'{"answer": "somewhere else"}'),
        'bad-utf8': whole(b'{"reply": "We are \xff\xfe open"}'),
        'nul': whole(b'{"reply": "We are \0 open"}'),
        'nul-escape': whole(b'{"reply": "We are \\u0000\\u001b[31m open"}'),
        'gzip': whole(gzip.compress(good), extra=b'Content-Encoding: gzip\r\n'),
        'gzip-bomb': whole(bomb, extra=b'Content-Encoding: gzip\r\n'),
        'echo': whole(b'{"error": {"message": "' + b'x' * 40 + b' bad key ' + field(head, b'x-key') + b'"}, "reply": null}', b'401 Unauthorized',
                      b'X-Echo: ' + field(head, b'x-key') + b'\r\n'),
        'echo-chat': whole(b'{"error": {"message": "' + b'x' * 40 + b' bad key ' + field(head, b'x-key') + b'"}}'),
        'echo-text': whole(json.dumps({'reply': 'Your key is ' + field(head, b'x-key').decode()}).encode()),
        'echo-extract': whole(json.dumps({'reply': 'Hello.', 'id': 'Your key is ' + field(head, b'x-key').decode()}).encode()),
        'sse-cut': whole(event(chat), kind=b'text/event-stream'),
        'sse-big': whole(event(b'x' * 2000000) + event(b'[DONE]'), kind=b'text/event-stream'),
        'bom': whole(b'\xef\xbb\xbf' + good),
        'refusal': whole(b'{"choices": [{"message": {"content": null, "refusal": "I cannot help with that."}}]}'),
        'refusal-parts': whole(b'{"choices": [{"message": {"content": [{"type": "refusal", "refusal": "I cannot help with that."}]}}]}'),
        'refusal-stream': whole(event(b'{"choices": [{"delta": {"refusal": "I cannot "}}]}') + event(b'{"choices": [{"delta": {"refusal": "help"}}]}')
                                + event(b'[DONE]'), kind=b'text/event-stream'),
        'no-words': whole(b'{"choices": [{"message": {"content": ""}}]}'),
        'cookie': cookies(head, path, b'Set-Cookie: sid=secret-cookie-77; Path=/; HttpOnly\r\n', b'sid=secret-cookie-77'),
        'cookies': cookies(head, path, many, b'c99=v'),
        'cookie-flood': cookies(head, path, many.replace(b'c', b'd') + many + many.replace(b'c', b'e'), b''),
        'cookie-foreign': cookies(head, path, foreign, b'own=x'),
    }
    if mode in simple:
        return [simple[mode]]
    if mode == 'drop-second':
        return [whole(good)] if number == 1 else None
    if mode == 'silent':
        time.sleep(5)
        return None
    long = {
        'endless': (chunked % b'application/json', b'1\r\n \r\n', 0.05),
        'drip': (b'', None, 0.1),
        'huge': (b'HTTP/1.1 200 OK\r\nContent-Length: 1000000000\r\n\r\n', b' ' * 65536, 0),
        'headers': (b'HTTP/1.1 200 OK\r\n', b'X-Flood: ' + b'y' * 200 + b'\r\n', 0),
        'interim': (b'', b'HTTP/1.1 100 Continue\r\n\r\n' * 50, 0.01),
        'sse-line': (chunked % b'text/event-stream', b'10000\r\n' + b'x' * 65536 + b'\r\n', 0),
    }
    first, piece, pause = long[mode]
    return drip(whole(good)) if piece is None else start_with(first, forever(piece, pause))


def start_with(first, rest):
    yield first
    yield from rest


def drip(text):
    for i in range(len(text)):
        yield text[i:i + 1]
        time.sleep(0.1)


ENDS = ('half-chunk', 'wrong-length', 'no-status', 'reset', 'chunk-overflow')
H2 = {'data': 0, 'headers': 1, 'reset': 3, 'settings': 4, 'goaway': 7}


def frame(kind, flags, stream, payload):
    return struct.pack('>I', len(payload))[1:] + bytes([H2[kind], flags]) + struct.pack('>I', stream) + payload


def h2_answer(mode, s, stream):
    """HTTP/2 (RFC 9113) as far as it takes to end badly; False ends the connection."""
    head = frame('headers', 4, stream, b'\x88\x0f\x10\x10application/json')
    if mode == 'h2-refused':
        s.sendall(frame('reset', 0, stream, struct.pack('>I', 7)))
    elif mode in ('h2-reset', 'h2-abrupt'):
        s.sendall(head + frame('data', 0, stream, good[:20]))
        time.sleep(0.3 if mode == 'h2-reset' else 0)
        s.sendall(frame('reset', 0, stream, struct.pack('>I', 2)))
    elif mode == 'h2-goaway':
        s.sendall(head + frame('data', 0, stream, good[:20]) + frame('goaway', 0, 0, struct.pack('>II', stream, 2)))
        return False
    else:
        s.sendall(head + frame('data', 1, stream, good))
    return True


def serve_h2(name, s, connection):
    """Header blocks are not unpacked: whatever is asked gets the mode's answer once it has ended."""
    data, number = b'', 0
    while len(data) < 24:
        data += s.recv(65536)
    data = data[24:]
    s.sendall(frame('settings', 0, 0, b''))
    while True:
        while len(data) < 9 or len(data) < 9 + int.from_bytes(data[:3], 'big'):
            piece = s.recv(65536)
            if not piece:
                return
            data += piece
        length, kind, flags, stream = int.from_bytes(data[:3], 'big'), data[3], data[4], int.from_bytes(data[5:9], 'big')
        data = data[9 + length:]
        if kind == H2['settings'] and not flags & 1:
            s.sendall(frame('settings', 1, 0, b''))
        elif kind in (H2['headers'], H2['data']) and flags & 1:
            number += 1
            say('request', name, connection, number, 'H2', stream)
            if not h2_answer(name.split('+')[0], s, stream):
                return


def serve(name, context, s, connection):
    number, mode = 0, name.split('+')[0]
    try:
        if mode == 'foreign':
            say('foreign', connection)
        if context is not None:
            s = context.wrap_socket(s, server_side=True)
        if mode.startswith('h2'):
            return serve_h2(name, s, connection)
        while True:
            head = read_request(s)
            if head is None:
                break
            number += 1
            first = head.split(b'\r\n')[0].decode('latin-1').split(' ')
            say('request', name, connection, number, first[0], first[1])
            pieces = answers(mode, head, number)
            for piece in pieces or []:
                s.sendall(piece)
            if pieces is None or mode in ENDS:
                break
    except (OSError, ValueError):
        pass
    finally:
        s.close()


def listen(spec):
    name, *pair = spec.split('@')
    context = None
    if pair:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(*pair)
        if name.startswith('h2'):
            context.set_alpn_protocols(['h2'])
    s = socket.socket()
    s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    s.bind(('127.0.0.2' if name == 'foreign' else '127.0.0.1', 0))
    s.listen(64)
    ports[name] = s.getsockname()[1]
    return name, context, s


def accept(name, context, listener):
    connection = 0
    while True:
        s, _ = listener.accept()
        connection += 1
        threading.Thread(target=serve, args=(name, context, s, connection), daemon=True).start()


ports = {}
lock = threading.Lock()
for made in [listen(spec) for spec in sys.argv[1:]]:
    threading.Thread(target=accept, args=made, daemon=True).start()
for name, port in ports.items():
    say('listening', name, port)
say('ready')
while os.getppid() != 1:  # ends with its parent, too
    time.sleep(1)
