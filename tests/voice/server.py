"""A model server on a free port of this computer that speaks OpenAI's or Anthropic's protocol, and misbehaves.

Each request gets a fault by its own content and attempt, so a run can be repeated; faults end after the third attempt.
``python -m tests.voice.server`` runs it by itself and prints its port.
"""

from __future__ import annotations

import hashlib
import json
import socket
import sys
import threading
import time
from collections import Counter
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

FAULTS = ("500", "503", "429", "broken", "half", "dropped", "slow", "refusal", "empty", "error200", "cut")


class ModelServer(ThreadingHTTPServer):
    """Counts what it was asked, and what it answered well.

    Parameters
    ----------
    faults : tuple of str
        Which of :data:`FAULTS` to commit.
    share : float
        Of the first attempts that meet a fault.
    delay : float
        Seconds before each answer.
    key : str or None
        Only requests with this key are answered.
    model : str
        The one model there is.
    refused : tuple of str
        Parameters that are answered with 400.
    """

    daemon_threads = True
    request_queue_size = 128

    def __init__(self, *, faults=(), share=0.4, delay=0.0, key=None, model="tiny", refused=(), retry_after="0.05"):
        super().__init__(("127.0.0.1", 0), _Handler)
        self.faults, self.share, self.delay, self.key, self.model = faults, share, delay, key, model
        self.refused, self.retry_after = refused, retry_after
        self.lock = threading.Lock()
        self.asked: Counter[str] = Counter()
        self.answered: Counter[str] = Counter()
        self.faulted: Counter[str] = Counter()
        self.bodies: list[dict] = []
        self.starts: list[float] = []
        self.now = self.most = 0

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}/v1"

    def __enter__(self):
        threading.Thread(target=self.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
        return self

    def __exit__(self, *_):
        self.shutdown()
        self.server_close()

    def handle_error(self, request, client_address):
        """Clients that hang up are part of the play."""

    def fault(self, name: str, attempt: int) -> str:
        digest = hashlib.sha256(f"{name}:{attempt}".encode()).digest()
        if not self.faults or attempt > 3 or digest[0] / 256 >= self.share:
            return ""
        return self.faults[digest[1] % len(self.faults)]


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: ModelServer

    def log_message(self, *_):
        pass

    def do_POST(self):
        server = self.server
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        name = hashlib.sha256(json.dumps(body, sort_keys=True).encode()).hexdigest()[:16]
        with server.lock:
            server.asked[name] += 1
            attempt = server.asked[name]
            server.bodies.append(body)
            server.starts.append(time.monotonic())
            server.now += 1
            server.most = max(server.most, server.now)
        try:
            self.answer(server, body, name, attempt)
        finally:
            with server.lock:
                server.now -= 1

    def answer(self, server: ModelServer, body: dict, name: str, attempt: int) -> None:
        time.sleep(server.delay)
        given = self.headers.get("x-api-key") or self.headers.get("Authorization", "").removeprefix("Bearer ")
        if server.key is not None and given != server.key:
            return self.send(
                401, {"error": {"message": f"Incorrect API key provided: {given}", "code": "invalid_api_key"}}
            )
        if body["model"] != server.model:
            return self.send(404, {"error": {"message": f"model '{body['model']}' not found"}})
        for parameter in server.refused:
            if parameter in body:
                said = {"message": f"Unsupported parameter: '{parameter}' is not supported.", "param": parameter}
                return self.send(400, {"error": said})
        fault = server.fault(name, attempt)
        if fault:
            with server.lock:
                server.faulted[fault] += 1
        good = self.good(body, json.dumps(lines_for(name)))
        match fault:
            case "500" | "503":
                return self.send(int(fault), {"error": {"message": "the model crashed"}})
            case "429":
                said = {"error": {"message": "slow down"}}
                return self.send(429, said, {"Retry-After": server.retry_after} if server.retry_after else {})
            case "broken":
                return self.raw(200, good[: len(good) // 2])
            case "half":
                return self.raw(200, good[: len(good) // 2], length=len(good))
            case "dropped":
                self.connection.shutdown(socket.SHUT_RDWR)
                self.close_connection = True
                return None
            case "error200":
                return self.send(200, {"error": {"message": "upstream is busy"}})
            case "slow":
                time.sleep(0.3)
            case "refusal":
                good = self.good(body, "I'm sorry, but I can't help with writing that.")
            case "empty":
                good = self.good(body, "")
            case "cut":
                good = self.good(body, json.dumps(lines_for(name))[:-12])
        with server.lock:
            server.answered[name] += 1
        return self.raw(200, good)

    def good(self, body: dict, text: str) -> str:
        if self.path.endswith("/messages"):
            data = {
                "type": "message",
                "role": "assistant",
                "content": [{"type": "text", "text": text}],
                "stop_reason": "end_turn",
                "usage": {"input_tokens": 11, "output_tokens": 7},
            }
        else:
            data = {
                "object": "chat.completion",
                "choices": [{"index": 0, "message": {"role": "assistant", "content": text}, "finish_reason": "stop"}],
                "usage": {"prompt_tokens": 11, "completion_tokens": 7},
            }
        return json.dumps(data)

    def send(self, status: int, data: dict, headers: dict | None = None) -> None:
        self.raw(status, json.dumps(data), headers=headers)

    def raw(self, status: int, text: str, *, length: int | None = None, headers: dict | None = None) -> None:
        data = text.encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(length or len(data)))
        for key, value in (headers or {}).items():
            self.send_header(key, value)
        self.end_headers()
        self.wfile.write(data)
        if length:
            self.wfile.flush()
            self.connection.shutdown(socket.SHUT_RDWR)
            self.close_connection = True


def lines_for(name: str) -> list[str]:
    """Two lines that only this request gets."""
    return [f"The harbour {name} keeps its own hours.", f"Stay {name}, the rest can wait."]


if __name__ == "__main__":
    with ModelServer(delay=float(sys.argv[1]) if len(sys.argv) > 1 else 0.0) as running:
        sys.stdout.write(f"{running.url}\n")
        sys.stdout.flush()
        threading.Event().wait()
