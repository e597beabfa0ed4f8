# SPDX-License-Identifier: Apache-2.0
"""A gateway that loses a share of the requests on their way to the service behind it.

flaky.py TARGET SHARE SEED: listens on a free port of loopback and prints it. Of the requests it meets
with a status of 500, a 429, JSON that is cut, a connection that is dropped, or a stall.
"""
import asyncio, random, sys

target, share, seed = sys.argv[1], float(sys.argv[2]), sys.argv[3]
host, port = target.rsplit(':', 1)
rng = random.Random(seed)
counts = {}


async def read_message(reader):
    head = await reader.readuntil(b'\r\n\r\n')
    low = head.lower()
    body = b''
    if b'content-length:' in low:
        length = int(low.split(b'content-length:')[1].split(b'\r\n')[0])
        body = await reader.readexactly(length)
    elif b'transfer-encoding: chunked' in low:
        while True:
            line = await reader.readline()
            size = int(line.split(b';')[0], 16)
            body += line + await reader.readexactly(size + 2)
            if size == 0:
                break
    return head, body


async def forward(head, body):
    reader, writer = await asyncio.open_connection(host, int(port))
    head = b'\r\n'.join(l for l in head.split(b'\r\n') if not l.lower().startswith(b'connection:'))
    writer.write(head.replace(b'\r\n\r\n', b'\r\nConnection: close\r\n\r\n', 1) + body)
    await writer.drain()
    answer = await read_message(reader)
    writer.close()
    return answer


async def serve(reader, writer):
    try:
        while True:
            head, body = await read_message(reader)
            what = rng.choice(['500', '429', 'cut', 'drop', 'stall']) if rng.random() < share else 'pass'
            counts[what] = counts.get(what, 0) + 1
            if what == 'drop':
                break
            if what == 'stall':
                await asyncio.sleep(1.5)
                break
            if what in ('500', '429'):
                extra = b'Retry-After: 1\r\n' if what == '429' else b''
                writer.write(b'HTTP/1.1 ' + what.encode() + b' Lost\r\n' + extra +
                             b'Content-Length: 4\r\n\r\nlost')
                await writer.drain()
                continue
            answer_head, answer_body = await forward(head, body)
            if what == 'cut':
                writer.write(answer_head + answer_body[:len(answer_body) // 2])
                await writer.drain()
                break
            writer.write(answer_head + answer_body)
            await writer.drain()
    except (asyncio.IncompleteReadError, ConnectionError, asyncio.CancelledError):
        pass
    finally:
        writer.close()


async def main():
    server = await asyncio.start_server(serve, '127.0.0.1', 0)
    print('listening', server.sockets[0].getsockname()[1], flush=True)
    async with server:
        await server.serve_forever()

asyncio.run(main())
