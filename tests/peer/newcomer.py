# SPDX-License-Identifier: Apache-2.0
"""A small chat service as a newcomer may have it: POST /chat answers JSON, /page answers a web page,
/v1/chat/completions knows one model, /login gives a token, and all else is not there. Prints the port
that it listens on."""
import http.server, json


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = 'HTTP/1.1'
    wbufsize = 65536  # head and body in one piece

    def answer(self, status, body, kind='application/json'):
        data = body if isinstance(body, bytes) else (body if isinstance(body, str) else json.dumps(body)).encode()
        self.send_response(status)
        self.send_header('Content-Type', kind)
        self.send_header('Content-Length', str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def do_GET(self):
        self.answer(405 if self.path == '/chat' else 404, {'error': 'no'})

    def do_POST(self):
        body = json.loads(self.rfile.read(int(self.headers.get('Content-Length', 0))) or b'{}')
        if self.path == '/chat':
            if 'text' not in body:
                return self.answer(422, {'error': 'text is missing'})
            return self.answer(200, {'id': 7, 'data': {'answer': 'We are open all day.', 'words': 5}, 'note': None})
        if self.path == '/later':
            return self.answer(202, {'job': '17'})
        if self.path == '/events':
            return self.answer(200, 'data: {"piece": "We are"}\n\n', 'text/event-stream')
        if self.path.startswith('/in/'):
            charset = self.path[4:]
            data = json.dumps({'data': {'answer': '\u00e9t\u00e9' if charset == 'ISO-8859-1' else '\u4f60\u597d'}},
                              ensure_ascii=False)
            return self.answer(200, b'{"data": {"answer": "\xff\xff"}}' if charset == 'GB2312' else data.encode(
                'gbk' if charset == 'X-none' else charset), f'application/json; charset="{charset}"')
        if self.path == '/empty':
            return self.answer(200, {'error': 'out of order', 'data': {'answer': ' '}})
        if self.path == '/pieces':
            return self.answer(200, '{"data": {"answer": "We are"}, "done": false}\n{"data": {"answer": " open"}, "done": true}\n')
        if self.path == '/v1/spent':
            return self.answer(200, {'error': {'message': 'the quota is used up'}})
        if self.path == '/v1/nothing':
            return self.answer(200, {'choices': [{'message': {'role': 'assistant', 'content': ''}}]})
        if self.path == '/page':
            return self.answer(200, '<!doctype html><title>Welcome</title>', 'text/html')
        if self.path == '/login':
            return self.answer(200, {'token': 'a-secret-token-4711', 'ok': True})
        if self.path == '/guarded':
            good = self.headers.get('Authorization') == 'Bearer key-of-the-service'
            return self.answer(200 if good else 401, {'data': {'answer': 'Welcome.'}})
        if self.path == '/broken':
            return self.answer(500, {'error': 'out of order'})
        if self.path == '/v1/chat/completions':
            if body.get('model') != 'small-1':
                return self.answer(404, {'error': {'message': "the model does not exist"}})
            return self.answer(200, {'choices': [{'message': {'role': 'assistant', 'content': 'We are open.'}}],
                                     'usage': {'total_tokens': 9}})
        return self.answer(404, {'error': 'not found'})

    def log_message(self, *_):
        pass


server = http.server.ThreadingHTTPServer(('127.0.0.1', 0), Handler)
server.daemon_threads = True
print('listening', server.server_address[1], flush=True)
server.serve_forever()
