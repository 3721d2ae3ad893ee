"""A mirror for tests: serves a folder over HTTPS, and prints its port.

usage: mirror.py FOLDER CERTIFICATE KEY [QUEUE]

QUEUE is a file with a path a line: each request for a name with the ending of the first of them gets the next one, so that
one mirror shows one attack after another, once there is a file FOLDER/go. A request beyond the end finds nothing.

While there is a file FOLDER/cut, each answer breaks off after as many bytes of the body as it says; while there is a file
FOLDER/drip, a byte of it comes a second. What is missing is answered by the page FOLDER/instead, where there is one.
"""

import hashlib
import http.server
import os
import ssl
import sys
import time

folder, certificate, key = sys.argv[1:4]
queue = open(sys.argv[4]).read().split() if len(sys.argv) > 4 else []
ending = queue[0][-4:] if queue else None


class Mirror(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self):
        path = folder + self.path
        if ending and self.path.endswith(ending) and "/from-" not in self.path:
            path = queue.pop(0) if queue and os.path.exists(folder + "/go") else ""
        if not os.path.isfile(path) and os.path.exists(folder + "/instead"):
            path = folder + "/instead"
        if not os.path.isfile(path):
            self.send_response(404)
            self.send_header("Content-Length", "0")
            self.end_headers()
            return
        with open(path, "rb") as file:
            body = file.read()
        tag = '"%s"' % hashlib.sha256(body).hexdigest()
        span = self.headers.get("Range", "")
        first = int(span[6:-1]) if span and self.headers.get("If-Range") == tag else 0
        self.send_response(206 if first else 200)
        if first:
            self.send_header("Content-Range", "bytes %d-%d/%d" % (first, len(body) - 1, len(body)))
        self.send_header("ETag", tag)
        self.send_header("Content-Length", str(len(body) - first))
        self.end_headers()
        try:
            if os.path.exists(folder + "/cut"):
                with open(folder + "/cut") as file:
                    body = body[: first + int(file.read())]
                self.close_connection = True
            while os.path.exists(folder + "/drip") and first < len(body):
                self.wfile.write(body[first : first + 1])
                first += 1
                time.sleep(1)
            self.wfile.write(body[first:])
        except OSError:
            self.close_connection = True

    def log_message(self, form, *values):
        print(self.command, self.path, self.headers.get("Range", ""), file=sys.stderr, flush=True)


server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Mirror)
context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
context.load_cert_chain(certificate, key)
server.socket = context.wrap_socket(server.socket, server_side=True)
print(server.server_port, flush=True)
server.serve_forever()
