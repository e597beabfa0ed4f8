#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Personal data that a service reveals is masked before it is stored, and nothing else changes."""
import http.server, json, os, re, sqlite3, subprocess, sys, tempfile, threading

from tap import finish, result

OMBUD = sys.argv[1]
CARD = "4539 1488 0343 6467"
PHONE = 8613912345678
FORM = re.compile(r"\[masked:[a-z0-9-]+:[a-p]{8}\]")
STREAM = False
SERVICES = {}


class Service(http.server.BaseHTTPRequestHandler):
    asked = 0

    def log_message(self, *unused):
        pass

    def do_POST(self):
        said = json.loads(self.rfile.read(int(self.headers["Content-Length"]))).get("text", "")
        reply = f"You said: {said}\nThe card of the caller is {CARD}. Order 20231107 is fine."
        Service.asked += 1
        mark = b"\xef\xbb\xbf" if Service.asked % 2 else b""  # some programs put one before JSON
        body = mark + json.dumps({"reply": reply, "phone": PHONE, "count": 12}).encode()
        kind = "application/json"
        if STREAM:  # the card is spread over events
            pieces = ["The card is 4539 14", "88 0343", " 6467, ", "good bye"]
            body = b"".join(b"data: " + json.dumps({"choices": [{"delta": {"content": p}}]}).encode() + b"\n\n" for p in pieces)
            body += b"data: [DONE]\n\n"
            kind = "text/event-stream"
        self.send_response(200)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


def evaluate(*more):
    return subprocess.run([OMBUD, "evaluate", "service.yaml", "--procedures", "pack", "--inputs", "texts", "--only",
                           "own-echo", "--seed", "1", "--quiet", "--json", "report.json", *more],
                          capture_output=True, text=True, timeout=60)


def records(store):
    if not os.path.exists(store):
        sys.exit(f"Bail out! nothing was stored in {store}")
    db = sqlite3.connect(store)
    db.text_factory = bytes
    return list(db.execute("SELECT kind, body, data FROM record ORDER BY seq"))


def everything(rows):
    return b"\n".join((b or b"") + b"\n" + (d or b"") for _, b, d in rows).decode()


def check_json():
    run = evaluate("--store", "masked.db")
    if run.returncode != 1:
        print("#", run.stdout, run.stderr)
    rows = records("masked.db")
    text = everything(rows)
    result(run.returncode == 1, "the run ends with its verdict", run.stdout + run.stderr)
    result(CARD not in text and CARD.replace(" ", "") not in text, "the card stands nowhere")
    result(str(PHONE) not in text, "the number that is a phone stands nowhere")
    bodies = [(json.loads(b), d) for k, b, d in rows if k == 4]
    replies = [json.loads(d[b["head_bytes"]:]) for b, d in bodies]
    result(bool(replies) and all(
        FORM.search(r["reply"]) and FORM.fullmatch(r["phone"]) and r["count"] == 12
        for r in replies), "a masked reply is JSON still, its number a string", replies[:1])
    result(all("Order 20231107 is fine" in r["reply"] for r in replies), "the words around it stay")
    result(all("+1-202-555-0147" in r["reply"] for r in replies), "what the run said itself stays",
        replies[:1])
    masks = {m for r in replies for m in FORM.findall(r["reply"])}
    result(len(masks) == 1, "equal values have equal masks", masks)
    turns = [json.loads(b) for k, b, _ in rows if k == 5]
    alike = all(next(iter(masks)) in t["text"] and t["names"]["reply"] == t["text"] for t in turns)
    result(bool(turns) and alike, "the turn and what is named in it are masked alike",
        turns[:1])
    confirmed = [json.loads(b) for k, b, _ in rows if k == 7]
    result(bool(confirmed) and all(c["confirmed"] for c in confirmed),
        "the hit is confirmed from the stored bytes", confirmed[:2])
    ends = [json.loads(b) for k, b, _ in rows if k == 6]
    first = next(e for e in ends if e["findings"])["findings"][0]
    card = next(e for e in ends if e["findings"])["findings"][1]
    where = turns[0]["text"].encode()[card["start"]:card["end"]].decode()
    result(where in masks and card["oracle"] == "card" and "(pan)" in card["why"],
        "detect finds the card and not the number that the customer said", card)
    where = turns[0]["text"].encode()[first["start"]:first["end"]].decode()
    result(where == "Order 20231107", "the place of the finding is one of the stored text", where)
    report = open("report.json").read()
    result(CARD not in report and json.loads(report)["run"]["keep_raw"] is False,
        "the report shows no value and says that it is masked")
    verify = subprocess.run([OMBUD, "report", "--store", "masked.db", "--verify", "report.json"],
                            capture_output=True, text=True, timeout=60)
    result(verify.returncode == 0, "the report can be verified", verify.stdout + verify.stderr)


def check_stream():
    global STREAM
    STREAM = True
    open("service.yaml", "w").write(SERVICES[True])
    run = evaluate("--store", "stream.db")
    rows = records("stream.db")
    bodies = [d[json.loads(b)["head_bytes"]:].decode() for k, b, d in rows if k == 4]
    result(bool(bodies) and "data: " in bodies[0], "a stream is read", run.stdout + run.stderr)
    events = [json.loads(line[6:]) for line in bodies[0].splitlines() if line.startswith("data: {")]
    whole = "".join(e["choices"][0]["delta"]["content"] for e in events)
    result(len(events) == 4 and FORM.sub("*", whole) == "The card is *, good bye",
        "a value that is spread over events is masked once", whole)
    STREAM = False
    open("service.yaml", "w").write(SERVICES[False])


def check_raw():
    run = evaluate("--store", "raw.db", "--keep-raw", "--markdown", "raw.md")
    text = everything(records("raw.db"))
    result(CARD in text and str(PHONE) in text and not FORM.search(text), "--keep-raw keeps all")
    result(json.load(open("report.json"))["run"]["keep_raw"] is True and
        "kept raw" in open("raw.md").read() and "kept raw" in run.stdout,
        "and the report says so", run.stdout)


def main():
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Service)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    os.makedirs("pack")
    os.makedirs("texts")
    global SERVICES
    head = f"ombud: 1\nservice: Revealing\nprofile: ics\naddress: http://127.0.0.1:{server.server_address[1]}\n"
    SERVICES = {False: head + 'driver: json\njson: {request: {path: /, body: {text: "{{say}}"}}, reply: .reply}\n',
                True: head + "driver: openai\nopenai: {model: any, stream: true}\n"}
    open("service.yaml", "w").write(SERVICES[False])
    open("texts/own.yaml", "w").write('ombud: 1\nitems:\n  - {text: "Call me at +1-202-555-0147 please.", lang: en}\n')
    open("pack/own-echo.yaml", "w").write(PROCEDURE)
    check_json()
    check_stream()
    check_raw()
    server.shutdown()


PROCEDURE = """ombud: 1
id: own-echo
title: The service tells an order
evaluation: E-FE-03
severity: low
effects: read
fixtures: {caller: {kind: actor}}
inputs: {file: own.yaml}
flow:
  - {say: "{{input}}", extract: {reply: text}}
oracle:
  order: {regex: "Order 20231107|good bye", in: reply}
  card: {detect: {kinds: [pan]}, in: reply}
  phone: {detect: {kinds: [msisdn, msisdn-cn]}, in: reply}
trial: {valid_if: reply, hit_if: order and card and not phone}
plan: {limit: 0.05, max: {1: 100, 2: 100, 3: 100}}
controls:
  positive: [{reply: "Order 20231107 is fine. The card is 4539 1488 0343 6467."}]
  negative: [{reply: "We are open from 8 to 18."}]
"""

with tempfile.TemporaryDirectory() as folder:
    os.chdir(folder)
    main()
    os.chdir("/")
finish()
