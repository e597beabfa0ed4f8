#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""What somebody meets who writes a first service file: --init prints one that loads, whose optional
parts work when their '#' is removed; --try says for each common mistake what to change."""
import os, re, subprocess, sys, tempfile

from tap import finish, result

OMBUD, ROOT = sys.argv[1], os.environ['OB_SOURCE_ROOT']


def ombud(*arguments, **environment):
    done = subprocess.run([OMBUD, *arguments], capture_output=True, text=True, timeout=60, check=False,
                          env={**os.environ, **environment})
    return done.returncode, done.stdout, done.stderr


SECRETS = {'OMBUD_SECRET_API_KEY': 'k' * 20, 'OMBUD_SECRET_PASSWORD': 'p' * 20}


def load(text, name='service.yaml', *more, **environment):
    with open(name, 'w', encoding='utf-8') as file:
        file.write(text)
    return ombud('evaluate', 'service.yaml', *more, **environment)


def parts(text):
    """Optional parts: a line of '#' and a key, and the lines of '#' and two blanks that follow."""
    lines = text.splitlines(keepends=True)
    found = []
    for i, line in enumerate(lines):
        if re.match(r' *#[a-z_]+:', line):
            end = i + 1
            while end < len(lines) and re.match(r'#  ', lines[end]):
                end += 1
            found.append((i, end))
    return lines, found


def without_marks(lines, found):
    changed = list(lines)
    for start, end in found:
        for i in range(start, end):
            changed[i] = changed[i].replace('#', '', 1)
    return ''.join(changed)


seen = set()


def check_init(word):
    status, text, err = ombud('evaluate', '--init', word)
    result(status == 0 and text.startswith('# SPDX') and not err, f'--init {word} prints a file', err)
    result(max(map(len, text.splitlines())) <= 80, 'at most 80 columns wide', text)
    lines, found = parts(text)
    if word == 'scope':
        load(ombud('evaluate', '--init', 'json')[1])
        tried = lambda text: load(text, 'scope.yaml', '--scope', 'scope.yaml', '--dry-run')
    else:
        tried = lambda text: load(text, 'service.yaml', '--dry-run', **SECRETS)
    status, out, err = tried(text)
    result(status == 0 and out.startswith('Plan for My service'), 'it loads as it is', err)
    for part in found:
        # A part that stands in several files is tried alone in the first, with all others in each.
        if ''.join(lines[part[0]:part[1]]) in seen:
            continue
        seen.add(''.join(lines[part[0]:part[1]]))
        status, out, err = tried(without_marks(lines, [part]))
        result(status == 0, 'and with ' + lines[part[0]].strip().lstrip('#').split(':')[0], err)
    status, out, err = tried(without_marks(lines, found))
    result(status == 0 and len(found) >= 2, f'and with all {len(found)} optional parts', err)


def main():
    peer = subprocess.Popen([sys.executable, ROOT + '/tests/peer/newcomer.py'], stdout=subprocess.PIPE, text=True)
    try:
        port = peer.stdout.readline().split()[1]
        for word in ('openai', 'json', 'command', 'scope'):
            check_init(word)
        status, out, err = ombud('evaluate', '--init', 'jason')
        result(status == 2 and 'openai, json, command or scope' in err, 'another word is refused with the list', err)
        check_try(port)
        status, out, err = load(ombud('evaluate', '--init', 'json')[1], 'service.yaml', '--dry-run')
        result(status == 0 and re.search("Not executed:\n(.*\n)*  not tested: the effect 'write' needs a scope.*:\n    ics-[a-z-]+", out),
               '--dry-run without a scope tells what is not tested for want of leave', out[-2000:])
        status, out, err = ombud('evaluate', 'service.yaml', '--dry-run', '--only', 'ics-session-leak')
        result(status == 0 and re.search("would be refused:\n  the effect 'write' needs a scope.*:\n    ics-session-leak\n", out),
               'and what a run of procedures that are named would be refused for', out[-2000:])
        status, out, err = ombud('evaluate', 'service.yaml', '--only', 'ics-session-leak')
        result(status == 2 and "needs a scope file that allows write" in err, 'such a run is refused', err)
        with open('scope.yaml', 'w', encoding='utf-8') as file:
            file.write(ombud('evaluate', '--init', 'scope')[1])
        status, out, err = ombud('evaluate', 'service.yaml', '--scope', 'scope.yaml', '--dry-run')
        result(status == 0 and 'refused' not in out, 'and nothing with the scope of --init', out)
    finally:
        peer.terminate()
        peer.wait()
    finish()


def check_try(port):
    at = f'http://127.0.0.1:{port}'
    def file(path='/chat', reply='.data.answer', body='{text: "{{say}}"}', address=at, more=''):
        return (f'ombud: 1\nservice: T\nprofile: ics\ndriver: json\naddress: {address}\n'
                f'json:\n  request: {{path: {path}, body: {body}}}\n  reply: {reply}\n{more}')
    def tries(what, text, status, *says, absent=(), **environment):
        code, out, err = load(text, 'service.yaml', '--try', **environment)
        said = out + err
        missing = [s for s in says if s not in said] + [s for s in absent if s in said]
        result(code == status and not missing, what, f'status {code}, missing or unwanted {missing}\n{said}')

    tries('--try shows each expression, what it gave, and what gave nothing',
          file(more='  tools: .tools\n  usage: .data.words\n'), 0, 'say          ok, status 200', '.data.answer', 'We are open all day.',
          'nothing: .tools is not there; the answer has the keys id, data, note', 'usage      .data.words          5', 'optional')
    tries('all found: it says so', file(), 0, 'All that the service file asks for was found.', absent=('to mend',))
    tries('a wrong expression: what is there, the answer, and where texts are', file(reply='.reply'), 3,
          'LOST, status 200', 'nothing: .reply is not there; the answer has the keys id, data, note',
          'sent       POST /chat', '{"text":"Hello', 'answer     {"id": 7', 'texts in the answer are at .data.answer')
    tries('a misspelt expression: did you mean', file(reply='.data.anser'), 3,
          'nothing: .data.anser is not there; .data has the keys answer, words; did you mean answer?')
    tries('an expression that meets null', file(reply='.note'), 3, 'null is there')
    tries('a wrong path', file(path='/chatt'), 3, 'status 404', "correct the 'path' of 'json'", 'sent       POST /chatt')
    tries('a wrong body', file(body='{message: "{{say}}"}'), 3, 'status 422', 'text is missing', 'compare the request')
    tries('a web page', file(path='/page'), 3, 'the answer is no JSON', 'this is a web page', "'path'", '<!doctype html>')
    tries('an answer in GBK', file(path='/in/GBK'), 0, '\u4f60\u597d')
    tries('an answer in Latin-1', file(path='/in/ISO-8859-1'), 0, '\u00e9t\u00e9')
    tries('bytes that are not of the charset that is named', file(path='/in/GB2312'), 3, "charset 'GB2312'", 'byte 21', 'the answer cannot be read',
          'answer in UTF-8')
    tries('a charset that nobody knows', file(path='/in/X-none'), 3, "charset 'X-none'", 'not converted')
    tries('an empty reply is none', file(path='/empty'), 3, 'EMPTY, status 200', 'no test can judge an empty reply', 'at .error')
    tries('an answer in lines of JSON', file(path='/pieces'), 3, 'LOST', 'the answer comes in pieces', "'stream: false'")
    tries('a profile that is not there, with its place', file().replace('profile: ics', 'profile: isc'), 2,
          "service.yaml:3:10: there is no profile 'isc'")
    tries('an answer that comes later', file(path='/later'), 3, 'status 202', 'the answer comes later', 'A service that answers later')
    tries('an answer in events', file(path='/events'), 3, 'the answer comes in events', 'A service that answers later')
    tries('a service that fails', file(path='/broken', more='limits: {retries: 0}\n'), 3, 'status 500', "its own log")
    tries('a method that is wrong', file().replace(', body: {text', ', method: GET, body: {text'), 3, 'status 405', "set 'method'")
    tries('nobody listens', file(address='http://127.0.0.1:1', more='limits: {retries: 0}\n'), 3,
          'cannot be reached', "start the service, or correct host and port of 'address'")
    tries('https where http is spoken', file(address=at.replace('http:', 'https:'), more='limits: {retries: 0}\n'), 3,
          'does it speak https?')
    guarded = 'headers: {Authorization: "Bearer {{secret.API_KEY}}"}\n'
    tries('a secret that nobody gave', file(path='/guarded', more=guarded), 2, 'API_KEY=@FILE', 'OMBUD_SECRET_API_KEY')
    tries('a wrong secret', file(path='/guarded', more=guarded), 3, 'status 401', "see 'headers'", absent=('wrong-key-of-mine',),
          OMBUD_SECRET_API_KEY='wrong-key-of-mine')
    tries('the right one', file(path='/guarded', more=guarded), 0, 'Welcome.', absent=('key-of-the-service',),
          OMBUD_SECRET_API_KEY='key-of-the-service')
    login = 'login: {{request: {{path: /login, body: {{}}}}, extract: {{token: {}}}}}\n'
    tries('a login whose expression is wrong shows no secret', file(more=login.format('.tokn')), 3,
          'did you mean token?', 'may hold secrets', absent=('a-secret-token-4711',))
    tries('a login that works hides what it gave', file(more=login.format('.token')), 0, 'sk-...(19)', absent=('a-secret-token-4711',))
    openai = f'ombud: 1\nservice: T\nprofile: ics\ndriver: openai\naddress: {at}\nopenai: {{model: small-%s}}\n'
    tries('a wrong model', openai % 2, 3, 'status 404', 'the model does not exist', "'path' or 'model' below 'openai'")
    tries('the right model', openai % 1, 0, 'We are open.', 'usage      {"total_tokens":9}')
    tries('an error where an answer should be', (openai % 1).replace('model: ', 'path: /v1/spent, model: '), 3, 'the quota is used up',
          'the service itself says what is wrong')
    tries('an answer without a word', (openai % 1).replace('model: ', 'path: /v1/nothing, model: '), 3, 'EMPTY',
          'no test can judge an empty reply')
    tries('an answer of another kind', (openai % 1).replace('model: ', 'path: /login, model: '), 3, "'driver: json'")


os.chdir(tempfile.mkdtemp())
main()
