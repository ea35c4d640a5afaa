"""A CloudWatch Logs that answers what a script says: fake_logs.py SCRIPT LOG

Each line of SCRIPT is a status and a body; LOG gets the target and body of each request. Prints its address.
"""
import http.server
import sys


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    script = [line.rstrip("\n").split(" ", 1) for line in open(sys.argv[1], encoding="utf-8")]

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        with open(sys.argv[2], "a", encoding="utf-8") as log:
            log.write(f"{self.path} {self.headers['X-Amz-Target']} {self.headers['Content-Type']} {body}\n")
        status, answer = self.script.pop(0)
        data = answer.encode()
        self.send_response(int(status))
        self.send_header("Content-Type", "application/x-amz-json-1.1")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, *_):
        pass


server = http.server.HTTPServer(("127.0.0.1", 0), Handler)
print(f"http://127.0.0.1:{server.server_port}", flush=True)
server.serve_forever()
