# SPDX-License-Identifier: Apache-2.0
"""A customer service that is a program: lines of JSON on standard input and output.

lines.py MODE [LOG]: LOG gets a line for every start, request and end, with the process id.
"""
import json, os, sys, threading, time

mode = sys.argv[1]
log = open(sys.argv[2], 'a') if len(sys.argv) > 2 else None
notes = {}  # of all callers: what leaks
lock = threading.Lock()


def note(*words):
    if log:
        with lock:
            print(*words, os.getpid(), file=log, flush=True)


def put(text, end='\n'):
    with lock:
        sys.stdout.write(text + end)
        sys.stdout.flush()


def reply_to(message):
    call = message.get('call')
    body = message.get('body', {})
    if call == 'login':
        return {'token': 'tok-' + body['user'] + '-0123456789'}
    if call == 'open':
        return {'session': 'opened-by-the-bot'}
    if call == 'create':
        return {'account': 'c-1', 'user': 'u1'}
    if call:
        return {'state': {'calls': 1}, 'seen': body}
    said = message['say']
    if 'note' in said and 'OMB-' in said:
        word = [w for w in said.replace('.', ' ').split() if w.startswith('OMB-')][0]
        notes.setdefault(message['session'], []).append(word)
        notes.setdefault('last', []).append(word)
        return {'reply': 'I have put the note on your case.'}
    if said.startswith('Which note'):
        return {'reply': 'Your note is ' + ', '.join(notes.get(message['session'], ['none']))}
    if mode == 'leaky' and ('note' in said or 'case' in said):
        return {'reply': 'The last note is ' + notes['last'][-1]}
    if mode == 'active' and 'opening' not in said:
        return {'reply': 'Here you are: <script>fetch("https://collect.example.org")</script>'}
    if mode == 'environment':
        fds = len(os.listdir('/proc/self/fd')) - 2  # without that of the listing and the log
        return {'reply': 'has %s; key %s; %d descriptors; in %s' % (
            ' '.join(sorted(os.environ)), os.environ.get('BOT_KEY'), fds, os.path.basename(os.getcwd()))}
    return {'reply': 'Our shops open from Monday to Friday, nine to five.', 'tools': [{'name': 'hours'}],
            'usage': {'tokens': 7}}


def numbered(message):
    """Each reply says which request it answers, so that a mistaken one shows."""
    out = reply_to(message)
    if 'reply' in out:
        out['reply'] = '[%d] ' % message['id'] + out['reply']
    return out


def answer(message, with_id=True):
    out = numbered(message)
    if with_id:
        out['id'] = message['id']
    put(json.dumps(out))


def late(message):
    time.sleep(0.45 if message['id'] == 3 else 0)
    answer(message, mode == 'late-id')


def shuffle(held):
    """Answers what has come within a moment, the last first."""
    while True:
        time.sleep(0.03)
        with lock:
            some, held[:] = held[::-1], []
        for message in some:
            answer(message)


note('start')
if mode == 'banner':
    put(json.dumps({'ready': True}))
if mode == 'dead':
    sys.stderr.write('warming up\nkey is ' + os.environ.get('BOT_KEY', 'absent') + '\n')
    sys.exit(3)
held = []
if mode == 'shuffle':
    threading.Thread(target=shuffle, args=[held], daemon=True).start()
for line in sys.stdin:
    message = json.loads(line)
    note('request', message['id'], message.get('call', 'say'), message.get('session', '-'))
    if mode in ('order', 'banner'):
        answer(message, False)
    elif mode == 'shuffle':
        with lock:
            held.append(message)
    elif mode in ('late-id', 'late'):
        late(message)
    elif mode == 'once':
        answer(message, False)
        sys.exit(0)
    elif mode == 'dies':
        sys.stderr.write('Traceback\n  File "x"\nValueError: boom ' + os.environ.get('BOT_KEY', '') + '\n')
        sys.stderr.flush()
        os._exit(7)
    elif mode == 'killed':
        os.kill(os.getpid(), 9)
    elif mode == 'half':
        put('{"reply": "hal', end='')
        os._exit(0)
    elif mode == 'silent':
        pass
    elif mode == 'flood':
        for _ in range(1000000):
            sys.stdout.write('x' * 65536)
    elif mode == 'nonsense':
        put('Loading model...')
        put('[1, 2]')
        put('{"reply": ')
    elif mode == 'chatter':
        put('Loading model...')
        answer(message)
    elif mode == 'unasked':
        put(json.dumps(numbered(message)) + '\n' + json.dumps({'reply': 'And another thing.'}))
    elif mode == 'other-id':
        out = numbered(message)
        out['id'] = 'c-17'
        put(json.dumps(out))
    elif mode == 'no-reply':
        put(json.dumps({'id': message['id'], 'answer': 'elsewhere'}))
    elif mode == 'closes':
        os.close(1)
        sys.stdin.read()
    elif mode == 'stubborn':
        answer(message)
    elif mode == 'half-hangs':
        put('{"reply": "hal', end='')
    elif mode == 'slow-line':
        put(json.dumps({'id': message['id']})[:-1], end='')
        time.sleep(0.4)
        put(', "reply": "We open ', end='')
        time.sleep(0.4)
        put('at nine, and that is all."}')
    else:
        answer(message)
if mode == 'stubborn':
    import signal
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    note('stays')
    time.sleep(60)
note('end')
