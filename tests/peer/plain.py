# SPDX-License-Identifier: Apache-2.0
"""plain.py HOST STATUS: answers every request with that status and a small reply, on a free port of
HOST that it prints; then a line for each request: its User-Agent."""
import http.server, os, sys

class Plain(http.server.BaseHTTPRequestHandler):
    protocol_version = 'HTTP/1.1'
    wbufsize = 65536 # head and body in one piece

    def do_POST(self):
        self.rfile.read(int(self.headers.get('Content-Length', 0)))
        # One write: a thread's print comes in parts, and those of two requests would share a line.
        os.write(1, f"agent {self.headers.get('User-Agent')}\n".encode())
        body = b'{"reply": "We are open from Monday to Saturday."}'
        self.send_response(int(sys.argv[2]))
        self.send_header('Content-Type', 'application/json')
        self.send_header('Content-Length', str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass

server = http.server.ThreadingHTTPServer((sys.argv[1], 0), Plain)
server.daemon_threads = True
print('listening', server.server_port, flush=True)
server.serve_forever()
