"""Chromium and Firefox without a screen and without a package: by the pipe and the socket that they bring along."""

from __future__ import annotations

import base64
import itertools
import json
import os
import shutil
import socket
import subprocess
import tempfile
import time
from pathlib import Path
from types import TracebackType
from typing import Any, Self

CHROMIUM = ("chromium", "chromium-browser", "google-chrome")
FIREFOX = ("firefox-esr", "firefox")
PATIENCE = 120.0  # seconds until a browser that does not answer counts as dead


def installed(names: tuple[str, ...]) -> str | None:
    return next((found for name in names if (found := shutil.which(name))), None)


class Browser:
    """What the tests ask of a browser. `errors` holds what the console said of errors and of refused requests."""

    def __init__(self) -> None:
        self.errors: list[str] = []
        self.profile = tempfile.mkdtemp(prefix="town-page-")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.process.kill()
        self.process.wait()
        shutil.rmtree(self.profile, ignore_errors=True)

    process: subprocess.Popen[bytes]

    def evaluate(self, script: str) -> Any:
        raise NotImplementedError

    def wait(self, condition: str) -> None:
        """Until a condition of the page holds."""
        end = time.monotonic() + PATIENCE
        while not self.evaluate(f"return Boolean({condition})"):
            assert time.monotonic() < end, f"{condition} did not come true; {self.errors}"
            time.sleep(0.05)

    def ready(self) -> None:
        """Until all courses of chance of the present setting are run."""
        self.wait("document.body.dataset.ready && document.body.dataset.ready === document.body.dataset.asked")


class Chromium(Browser):
    """Driven by the DevTools protocol over a pipe."""

    def __init__(self, *more: str) -> None:
        super().__init__()
        to_read, self._write = os.pipe()
        self._read, to_write = os.pipe()
        path = installed(CHROMIUM)
        assert path is not None

        def places() -> None:
            os.dup2(to_read, 13)
            os.dup2(to_write, 14)
            os.dup2(13, 3)
            os.dup2(14, 4)

        self.process = subprocess.Popen(
            [path, "--headless=new", "--no-sandbox", "--disable-gpu", "--remote-debugging-pipe", "--no-first-run",
             "--disable-background-networking", "--disable-dev-shm-usage", f"--user-data-dir={self.profile}", *more],
            preexec_fn=places, pass_fds=(3, 4), stderr=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
        )  # fmt: skip
        self._numbers = itertools.count(1)
        self._rest = b""
        self.requests: list[str] = []
        self.session = ""
        target = self.send("Target.createTarget", url="about:blank")["targetId"]
        self.session = self.send("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        for domain in ("Page", "Runtime", "Network", "Log"):
            self.send(f"{domain}.enable")

    def send(self, method: str, **parameters: Any) -> dict[str, Any]:
        number = next(self._numbers)
        message = {"id": number, "method": method, "params": parameters}
        if self.session:
            message["sessionId"] = self.session
        os.write(self._write, json.dumps(message).encode() + b"\0")
        while True:
            told = self._receive()
            if told.get("id") == number:
                assert "error" not in told, told
                return told["result"]
            self._note(told)

    def _receive(self) -> dict[str, Any]:
        while b"\0" not in self._rest:
            self._rest += os.read(self._read, 1 << 20)
        message, _, self._rest = self._rest.partition(b"\0")
        return json.loads(message)

    def _note(self, told: dict[str, Any]) -> None:
        what, values = told.get("method"), told.get("params", {})
        if what == "Runtime.exceptionThrown":
            self.errors.append(json.dumps(values["exceptionDetails"])[:500])
        elif what == "Log.entryAdded" and values["entry"]["level"] == "error":
            self.errors.append(values["entry"]["text"])
        elif what == "Runtime.consoleAPICalled" and values["type"] in ("error", "warning"):
            self.errors.append(json.dumps(values["args"])[:500])
        elif what == "Network.requestWillBeSent":
            self.requests.append(values["request"]["url"])

    def open(self, address: str) -> None:
        self.send("Page.navigate", url=address)
        self.wait("document.readyState === 'complete'")

    def evaluate(self, script: str) -> Any:
        whole = f"(async () => {{ {script} }})()"
        found = self.send("Runtime.evaluate", expression=whole, awaitPromise=True, returnByValue=True)
        assert "exceptionDetails" not in found, found
        return found["result"].get("value")

    def look(
        self, target: Path, width: int, height: int, *, dark: bool = False, media: str = "", whole: bool = True
    ) -> None:
        """A picture of the page."""
        self.send(
            "Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1, mobile=width < 500
        )
        scheme = {"name": "prefers-color-scheme", "value": "dark" if dark else "light"}
        self.send("Emulation.setEmulatedMedia", media=media, features=[scheme])
        self.evaluate("await new Promise(go => setTimeout(go, 400))")
        found = self.send("Page.captureScreenshot", format="png", captureBeyondViewport=whole)
        target.write_bytes(base64.b64decode(found["data"]))

    def key(self, name: str, code: int, text: str = "") -> None:
        for kind, typed in (("keyDown", text), ("keyUp", "")):
            self.send("Input.dispatchKeyEvent", type=kind, key=name, code=name, windowsVirtualKeyCode=code, text=typed)


class Firefox(Browser):
    """Driven by Marionette: lengths and JSON over a socket of this machine."""

    def __init__(self) -> None:
        super().__init__()
        path = installed(FIREFOX)
        assert path is not None
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        Path(self.profile, "user.js").write_text(
            f'user_pref("marionette.port", {port});\n'
            'user_pref("network.proxy.type", 1);\nuser_pref("network.proxy.http", "127.0.0.1");\n'
            'user_pref("network.proxy.http_port", 9);\nuser_pref("network.proxy.ssl", "127.0.0.1");\n'
            'user_pref("network.proxy.ssl_port", 9);\n',
            encoding="utf-8",
        )
        self.process = subprocess.Popen(
            [path, "--headless", "--marionette", "--no-remote", "--profile", self.profile],
            stderr=subprocess.DEVNULL, stdout=subprocess.DEVNULL, env={**os.environ, "HOME": self.profile},
        )  # fmt: skip
        end = time.monotonic() + PATIENCE
        while True:
            try:
                self._socket = socket.create_connection(("127.0.0.1", port), PATIENCE)
                break
            except OSError:
                assert time.monotonic() < end, "Firefox does not answer"
                time.sleep(0.2)
        self._rest = b""
        self._numbers = itertools.count(1)
        self._receive()
        self.send("WebDriver:NewSession", capabilities={"alwaysMatch": {"pageLoadStrategy": "normal"}})

    def send(self, method: str, **parameters: Any) -> Any:
        message = json.dumps([0, next(self._numbers), method, parameters]).encode()
        self._socket.sendall(f"{len(message)}:".encode() + message)
        _, _, error, result = self._receive()
        assert error is None, error
        return result

    def _receive(self) -> Any:
        while b":" not in self._rest:
            self._rest += self._socket.recv(1 << 16)
        length, _, self._rest = self._rest.partition(b":")
        while len(self._rest) < int(length):
            self._rest += self._socket.recv(1 << 20)
        message, self._rest = self._rest[: int(length)], self._rest[int(length) :]
        return json.loads(message)

    def open(self, address: str) -> None:
        self.send("WebDriver:Navigate", url=address)

    def evaluate(self, script: str) -> Any:
        whole = f"const go = arguments[0]; (async () => {{ {script} }})().then(go, (e) => go('failed: ' + e));"
        found = self.send("WebDriver:ExecuteAsyncScript", script=whole, args=[], newSandbox=False, sandbox=None)[
            "value"
        ]
        assert not (isinstance(found, str) and found.startswith("failed: ")), found
        return found
