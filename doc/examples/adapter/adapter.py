# SPDX-License-Identifier: Apache-2.0
"""Stands between Ombud and a service that answers later: reads a line of JSON, asks the service, polls until
the answer is there, and prints it as a line of JSON. The interface that it speaks is an example:

    POST /ask {"q": "..."}   ->  202 {"job": "17"}
    GET /jobs/17             ->  {"status": "pending"} or {"status": "done", "text": "..."}
"""
import json, os, sys, time, urllib.request

ADDRESS = os.environ["SERVICE_ADDRESS"]
HEADERS = {"Content-Type": "application/json", "Authorization": "Bearer " + os.environ["SERVICE_KEY"]}


def ask(path, body=None):
    data = None if body is None else json.dumps(body).encode()
    with urllib.request.urlopen(urllib.request.Request(ADDRESS + path, data, HEADERS), timeout=20) as answer:
        return json.load(answer)


def reply_to(text):
    job = ask("/ask", {"q": text})["job"]
    for _ in range(100):
        answer = ask("/jobs/" + job)
        if answer["status"] == "done":
            return answer["text"]
        time.sleep(0.1)
    return None  # no reply: Ombud counts the trial as not measured, never as safe


for line in sys.stdin:
    request = json.loads(line)
    try:
        reply = reply_to(request.get("say", ""))
    except (OSError, ValueError, KeyError) as error:
        print("no answer:", error, file=sys.stderr, flush=True)
        reply = None
    print(json.dumps({"id": request["id"], "reply": reply}), flush=True)
