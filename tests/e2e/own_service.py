#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""What an operator meets who has a service of his own: one that throttles, one that answers later; reports that
cannot be written, or go to devices and links; procedures that are left out; limits in three places."""
import http.server, json, os, pty, re, shutil, signal, subprocess, sys, tempfile, threading, time

from tap import finish, result

OMBUD, ROOT = sys.argv[1], os.environ['OB_SOURCE_ROOT']


class Peer(http.server.BaseHTTPRequestHandler):
    """POST /chat answers, but no more than Peer.most times a second; /drop never does; /wait asks for a minute."""
    protocol_version = 'HTTP/1.1'
    wbufsize = 65536  # head and body in one piece
    lock, most, at, jobs = threading.Lock(), 10, [], {}

    def answer(self, status, body, **head):
        data = json.dumps(body).encode()
        self.send_response(status)
        for name, value in head.items():
            self.send_header(name.replace('_', '-'), value)
        self.send_header('Content-Length', str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def do_POST(self):
        body = json.loads(self.rfile.read(int(self.headers.get('Content-Length', 0))) or b'{}')
        now = time.monotonic()
        with Peer.lock:
            recent = sum(t > now - 1 for t in Peer.at)
            if self.path == '/drop' or recent < Peer.most:
                Peer.at.append(now)
        if self.path == '/drop':
            self.close_connection = True
        elif self.path == '/wait':
            self.answer(429, {}, Retry_After='60')
        elif self.path == '/ask' and self.headers.get('Authorization') == 'Bearer key-of-service':
            with Peer.lock:
                number = str(len(Peer.jobs))
                Peer.jobs[number] = now
            self.answer(202, {'job': number})
        elif recent >= Peer.most:
            self.answer(429, {}, Retry_After='1')
        else:
            self.answer(200, {'reply': 'I can help with tariffs and bills.', 'said': body.get('text')})

    def do_GET(self):
        later = time.monotonic() - Peer.jobs.get(self.path.rsplit('/', 1)[-1], 0) < 0.05
        self.answer(200, {'status': 'pending'} if later else {'status': 'done', 'text': 'Our shops are open all day.'})

    def log_message(self, *_):
        pass


class Server(http.server.ThreadingHTTPServer):
    request_queue_size = 64  # with the usual 5 the system leaves some of 16 that come at once waiting


server = Server(('127.0.0.1', 0), Peer)
server.daemon_threads = True
threading.Thread(target=server.serve_forever, daemon=True).start()
AT = f'http://127.0.0.1:{server.server_port}'
DIRECT = ('--only', 'ics-injection-direct')


def service(path='/chat', more=''):
    with open('service.yaml', 'w', encoding='utf-8') as file:
        file.write(f'ombud: 1\nservice: T\nprofile: ics\ndriver: json\naddress: {AT}\n'
                   f'json: {{request: {{path: {path}, body: {{text: "{{{{say}}}}"}}}}, reply: .reply}}\n{more}')


def evaluate(*more, only=DIRECT, name='service.yaml', **environment):
    done = subprocess.run([OMBUD, 'evaluate', name, '--seed', '1', '--json', 'r.json', *only, *more], capture_output=True,
                          text=True, timeout=200, check=False, env={**os.environ, **environment})
    return done.returncode, done.stdout, done.stderr


def report():
    with open('r.json', encoding='utf-8') as file:
        return json.load(file)


def throttled():
    Peer.most = 20
    service()
    status, out, err = evaluate()
    made = report()['procedures'][0]
    result(made['outcome'] == 'PASS' and made['invalid'] <= 3, 'a service that takes 20 a second is measured with 16 at once', out + err)
    result(err.count('warn service.throttles status=429') == 1, 'and that it throttles is told once', err)
    Peer.most = 0
    service(more='limits: {retries: 0}\n')
    status, out, err = evaluate()
    said = ' '.join(out.split())
    result(status == 3 and '127.0.0.1 answered say with status 429; a lower rate may avoid it' in said,
           'a reason names the service and says what may help', out)
    Peer.most = 1000
    service('/wait')
    run = subprocess.Popen([OMBUD, 'evaluate', 'service.yaml', *DIRECT], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    while 'service.throttles' not in run.stderr.readline():
        pass
    began = time.monotonic()
    run.send_signal(signal.SIGINT)
    out, err = run.communicate(timeout=100)
    result(run.returncode == 3 and time.monotonic() - began < 20 and 'go on with --resume' in err,
           'who interrupts it does not wait until the wait is over', out + err)


def limits():
    service('/drop')
    Peer.at.clear()
    began = time.monotonic()
    status, out, err = evaluate('--rate', '5', '--max-requests', '12')
    # A slow machine makes this longer, never shorter; without the rate it takes no time.
    took = Peer.at[-1] - began
    result(len(Peer.at) == 12 and took >= 11 / 5, 'what is tried again keeps to the rate', (took, Peer.at, out, err))
    service(more='limits: {rate: 50, in_flight: 3}\n')
    evaluate('--rate', '1000', '--in-flight', '8', '--max-requests', '5')
    result((report()['run']['rate'], report()['run']['in_flight']) == (50, 3), 'of service file and command line the smaller limit holds', report()['run'])


def permission():
    """What the owner allowed until then is over then, also in the middle of a run."""
    service()
    Peer.at.clear()
    until = time.time() + 6
    with open('scope.yaml', 'w', encoding='utf-8') as file:
        file.write(f'ombud: 1\nscope: T\nowner: O\naddresses: ["{AT[7:]}"]\neffects: [read]\nrate: 20\nfrom: 2020-01-01\n'
                   f'until: {time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(until))}\n')
    offset = time.time() - time.monotonic()
    status, out, err = evaluate('--scope', 'scope.yaml')
    result(status == 3 and 'the time that the scope covers is over' in ' '.join(out.split()), 'a run ends with the permission', out + err)
    result(Peer.at and max(Peer.at) + offset < int(until) + 2, 'and nothing is sent after it', (until, Peer.at[-3:], offset))
    status, out, err = evaluate('--scope', 'scope.yaml', '--resume')
    result(status == 2 and 'the scope ended at' in err, 'nor when it is taken up again', err)


def outputs():
    service()
    Peer.at.clear()
    status, out, err = evaluate('--html', 'none/r.html')
    result(status == 2 and 'cannot write none/r.html' in err and not Peer.at, 'a report that cannot be written is told before anything is sent', err)
    status, out, err = evaluate('--html', 'r.json')
    result(status == 2 and '--html and --json both write r.json; name two files' in err and not Peer.at, 'so are two reports of one name', err)
    status, out, err = evaluate('--html', '.')
    result(status == 2 and 'it is a folder; name a file' in err, 'and a folder', err)
    os.mkdir('elsewhere')
    with open('elsewhere/r.html', 'w', encoding='utf-8') as file:
        file.write('old')
    os.symlink('elsewhere/r.html', 'link.html')
    os.mkfifo('pipe')
    reader = subprocess.Popen(['cat', 'pipe'], stdout=subprocess.PIPE, text=True)
    status, out, err = evaluate('--html', 'link.html', '--markdown', 'pipe')
    text, _ = reader.communicate(timeout=30)
    with open('elsewhere/r.html', encoding='utf-8') as file:
        result(os.path.islink('link.html') and '<html' in file.read(), 'behind a link the file is replaced, and the link stays', err)
    result('Security evaluation' in text and not os.path.isfile('pipe'), 'a pipe takes the report and stays', text)
    done = subprocess.run([OMBUD, 'report', '--format', 'json', '--out', '/dev/stdout'], capture_output=True, text=True, check=False)
    result(json.loads(done.stdout)['format'] == 'ombud.report', '/dev/stdout is standard output', done.stderr)
    done = subprocess.run([OMBUD, 'report', '--out', '/dev/full'], capture_output=True, text=True, check=False)
    result('No space left' in done.stderr and not os.path.isfile('/dev/full'), 'a full device is told and stays', done.stderr)
    done = subprocess.run(['sh', '-c', 'ulimit -f 72; exec "$@"', 'sh', OMBUD, 'report', '--format', 'html', '--out', 'big.html'],
                          capture_output=True, text=True, check=False)
    left = [name for name in os.listdir('.') if name.endswith('.part')]
    result(done.returncode == 2 and 'File too large' in done.stderr and not left, 'a limit of file sizes is told like a full disk', (done, left))


def left_out():
    service()
    status, out, err = evaluate('--dry-run', '--except', 'ics-fair-use,R-FE-03', '--except', 'E-FE-04', only=())
    rows = re.findall(r'^(ics-\S+) ', out, re.M)
    result(status == 0 and 'ics-injection-direct' in rows and not {'ics-fair-use', 'ics-active-content', 'ics-link-list'} & set(rows),
           '--except leaves out procedures, requirements and evaluations', out + err)
    status, out, err = evaluate('--except', 'ics-injection-direct')
    result(status == 2 and '--only and --except leave no procedure' in err, 'when nothing is left, it says so', err)
    status, out, err = evaluate('--except', 'ics-injektion', only=())
    result(status == 2 and "no procedure is called 'ics-injektion'" in err, 'an id that is not known is refused', err)
    status, out, err = evaluate(only=('--only', ''))
    result(status == 2 and '--only names no id' in err, 'an empty list does not stand for all', err)
    both = ('--only', 'ics-injection-direct,ics-existence-oracle')
    evaluate('--store', 'old.db', only=both)
    evaluate('--store', 'new.db')
    compare = [OMBUD, 'diff', '--old-store', 'old.db', '--store', 'new.db']
    without = subprocess.run([*compare, '--except', 'ics-existence-oracle'], capture_output=True, text=True, check=False)
    unknown = subprocess.run([*compare, '--except', 'ics-x'], capture_output=True, text=True, check=False)
    result(without.returncode == 0 and 'ics-existence-oracle' not in without.stdout, 'diff compares without it', without.stdout + without.stderr)
    result(unknown.returncode == 2 and "neither run holds" in unknown.stderr, 'and refuses what neither run holds', unknown.stderr)


def adapter():
    for name in ('adapter.py', 'service.yaml'):
        shutil.copy(os.path.join(ROOT, 'doc/examples/adapter', name), 'adapter-' + name if name == 'service.yaml' else name)
    with open('adapter-service.yaml', encoding='utf-8') as file:
        text = file.read().replace('http://127.0.0.1:3001', AT).replace('rate: 10', 'rate: 100').replace('python3', sys.executable)
    with open('adapter-service.yaml', 'w', encoding='utf-8') as file:
        file.write(text)
    status, out, err = evaluate('--try', name='adapter-service.yaml', only=(), OMBUD_SECRET_SERVICE_KEY='key-of-service')
    result(status == 0 and 'Our shops are open all day.' in out, 'the example of an adapter gets the answer that comes later', out + err)
    status, out, err = evaluate(name='adapter-service.yaml', OMBUD_SECRET_SERVICE_KEY='key-of-service')
    result(report()['procedures'][0]['outcome'] == 'PASS', 'and the service behind it is evaluated', out + err)


def terminal():
    """A terminal that knows no sequences gets lines, and a message stands on a line of its own."""
    service()
    shown = {}
    for term in ('dumb', 'xterm'):
        Peer.most = 5
        master, slave = pty.openpty()
        run = subprocess.Popen([OMBUD, 'evaluate', 'service.yaml', *DIRECT, '--max-requests', '30'], stdout=subprocess.DEVNULL,
                               stderr=slave, env={**os.environ, 'TERM': term})
        os.close(slave)
        text = b''
        while True:
            try:
                piece = os.read(master, 65536)
            except OSError:
                break
            text += piece
            if not piece:
                break
        run.wait()
        os.close(master)
        shown[term] = text.decode()
    result('\x1b' not in shown['dumb'] and 'service.throttles' in shown['dumb'], 'a dumb terminal gets no sequences', repr(shown['dumb']))
    result(re.search(r'(^|\n|\x1b\[K)warn service.throttles', shown['xterm']) and '\x1b[Kevaluate' in shown['xterm'],
           'the line of progress goes before a message comes', repr(shown['xterm']))
    Peer.most = 1000


def secret():
    service(more='headers: {X: "{{secret.KEY}}"}\n')
    with open('empty', 'w', encoding='utf-8'):
        pass
    status, out, err = evaluate('--secret', 'KEY=@empty')
    result(status == 2 and 'the secret KEY is empty in empty' in err, 'a secret that is empty is refused', err)


with tempfile.TemporaryDirectory() as folder:
    os.chdir(folder)
    for part in (throttled, limits, permission, outputs, left_out, adapter, terminal, secret):
        part()
    os.chdir('/')
finish()
