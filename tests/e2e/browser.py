# SPDX-License-Identifier: Apache-2.0
"""A browser without a window, driven over the pipe of its DevTools: pages are opened, keys pressed, values read."""
import base64
import json
import os
import select
import shutil
import subprocess
import time


class Browser:
    """Browser.start() is None where there is no browser, or it does not come up."""

    def __init__(self, process, read, write):
        self.process, self.read, self.write = process, read, write
        self.next, self.rest, self.session = 1, b"", None

    @staticmethod
    def start(folder):
        program = shutil.which("chromium")
        if program is None:
            return None
        down_read, down_write = os.pipe()
        up_read, up_write = os.pipe()

        def pipes():
            low = [os.dup(down_read), os.dup(up_write)]
            os.dup2(low[0], 3)
            os.dup2(low[1], 4)

        process = subprocess.Popen(
            [program, "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
             "--disable-background-networking", "--disable-component-update", "--disable-sync",
             "--remote-debugging-pipe", "--user-data-dir=" + os.path.join(folder, "profile"), "about:blank"],
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, pass_fds=(3, 4, down_read, up_write),
            preexec_fn=pipes)
        os.close(down_read)
        os.close(up_write)
        made = Browser(process, up_read, down_write)
        try:
            target = made.call("Target.createTarget", {"url": "about:blank"}, 30)["targetId"]
            made.session = made.call("Target.attachToTarget", {"targetId": target, "flatten": True})["sessionId"]
            made.call("Page.enable")
        except (TimeoutError, OSError, KeyError):
            made.stop()
            return None
        return made

    def message(self, until):
        while b"\0" not in self.rest:
            if not select.select([self.read], [], [], max(0, until - time.monotonic()))[0]:
                raise TimeoutError("the browser does not answer")
            more = os.read(self.read, 1 << 16)
            if not more:
                raise OSError("the browser has ended")
            self.rest += more
        text, self.rest = self.rest.split(b"\0", 1)
        return json.loads(text)

    def call(self, method, params=None, seconds=20):
        number, self.next = self.next, self.next + 1
        asked = {"id": number, "method": method, "params": params or {}}
        if self.session is not None:
            asked["sessionId"] = self.session
        data = json.dumps(asked).encode() + b"\0"
        while data:
            data = data[os.write(self.write, data):]
        until = time.monotonic() + seconds
        while True:
            answer = self.message(until)
            if answer.get("id") == number:
                if "error" in answer:
                    raise OSError(f"{method}: {answer['error']}")
                return answer["result"]

    def open(self, url, width=1200, height=900, scheme="light", media=""):
        self.call("Emulation.setDeviceMetricsOverride",
                  {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": False})
        self.call("Emulation.setEmulatedMedia", {"media": media, "features": [{"name": "prefers-color-scheme", "value": scheme}]})
        self.call("Page.navigate", {"url": url})
        until = time.monotonic() + 20
        while self.value("document.readyState") != "complete":
            if time.monotonic() > until:
                raise TimeoutError("the page is not ready")
            time.sleep(0.05)

    def value(self, script, wait=False):
        asked = {"expression": script, "returnByValue": True, "awaitPromise": wait}
        return self.call("Runtime.evaluate", asked)["result"].get("value")

    def press(self, key, code=0, text="", shift=False):
        keys = {"Tab": 9, "Enter": 13, "Escape": 27, "End": 35, "Home": 36, "ArrowLeft": 37, "ArrowUp": 38, "ArrowRight": 39,
                "ArrowDown": 40, " ": 32}
        event = {"key": key, "code": key, "windowsVirtualKeyCode": code or keys.get(key, 0), "modifiers": 8 if shift else 0}
        if key == "Enter":
            text = "\r"
        self.call("Input.dispatchKeyEvent", {"type": "keyDown", "text": text, **event})
        self.call("Input.dispatchKeyEvent", {"type": "keyUp", **event})

    def picture(self, path, whole=False):
        shot = self.call("Page.captureScreenshot", {"format": "png", "captureBeyondViewport": whole}, 60)
        with open(path, "wb") as out:
            out.write(base64.b64decode(shot["data"]))

    def stop(self):
        self.process.terminate()
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        os.close(self.read)
        os.close(self.write)
