"""A mirror for tests: serves a folder over HTTPS, and prints its port.

usage: mirror.py FOLDER CERTIFICATE KEY [QUEUE]

QUEUE is a file with a path a line: each request for a name with the ending of the first of them gets the next one, so that
one mirror shows one attack after another, once there is a file FOLDER/go. A request beyond the end finds nothing.
"""

import http.server
import os
import ssl
import sys

folder, certificate, key = sys.argv[1:4]
queue = open(sys.argv[4]).read().split() if len(sys.argv) > 4 else []
ending = queue[0][-4:] if queue else None


class Mirror(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self):
        path = folder + self.path
        if ending and self.path.endswith(ending) and "/from-" not in self.path:
            path = queue.pop(0) if queue and os.path.exists(folder + "/go") else ""
        if not os.path.isfile(path):
            self.send_response(404)
            self.send_header("Content-Length", "0")
            self.end_headers()
            return
        with open(path, "rb") as file:
            body = file.read()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        try:
            self.wfile.write(body)
        except OSError:
            self.close_connection = True

    def log_message(self, form, *values):
        print(self.command, self.path, file=sys.stderr, flush=True)


server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Mirror)
context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
context.load_cert_chain(certificate, key)
server.socket = context.wrap_socket(server.socket, server_side=True)
print(server.server_port, flush=True)
server.serve_forever()
