"""Web servers on this machine that stand for hosts of the public network, and keep what was asked."""

from __future__ import annotations

import socket
import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from directory.upkeep.exchanging import Network

PUBLIC = "93.184.216.34"


class Pages:
    """What is served, by host and path; what was asked; where connections were made to.

    A page is its status and its headers; `hosts` gives the addresses of a host, once after another.
    """

    def __init__(self, port):
        self.port = port
        self.pages = {}
        self.asked = []
        self.connected = []
        self.slept = []
        self.hosts = {}

    def network(self, seconds=5.0):
        return Network(
            resolve=self.resolve,
            connect=self.connect,
            sleep=self.slept.append,
            clock=lambda: 1000.0 + sum(self.slept),
            seconds=seconds,
        )

    def resolve(self, host, _port):
        answers = self.hosts.get(host, [[PUBLIC]])
        if answers == "none":
            raise socket.gaierror("unknown")
        return answers.pop(0) if len(answers) > 1 else answers[0]

    def connect(self, address, port, timeout):
        self.connected.append((address, port))
        return socket.create_connection(("127.0.0.1", self.port), timeout)


class Handler(BaseHTTPRequestHandler):
    pages: Pages

    def log_message(self, *arguments):
        pass

    def answer(self):
        host = self.headers["Host"]
        self.pages.asked.append((self.command, host, self.path))
        usual = (404, {}, b"") if self.path == "/robots.txt" else (200, {}, b"here")
        found = self.pages.pages.get((self.command, host, self.path)) or self.pages.pages.get(
            (host, self.path)
        )
        status, headers, content = found or usual
        if status == "drip":
            self.wfile.write(b"HTTP/1.1 200 OK\r\n")
            for _ in range(200):
                try:
                    self.wfile.write(b"X-Slow: yes\r\n")
                except OSError:  # the other side has had enough
                    return
                if self.pages.stop.wait(0.05):
                    return
            return
        if status == "hang up":
            return
        self.send_response(status)
        for name, value in {"Content-Length": str(len(content)), **headers}.items():
            self.send_header(name, value)
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(content)

    def do_GET(self):
        self.answer()

    def do_HEAD(self):
        self.answer()


@contextmanager
def serving():
    """Serve until the end of the block."""
    handler = type("OneTest", (Handler,), {})
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        handler.pages = Pages(server.server_port)
        handler.pages.stop = threading.Event()
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield handler.pages
        finally:
            handler.pages.stop.set()
            server.shutdown()
            thread.join()
