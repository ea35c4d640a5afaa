"""moto on a free port of loopback: prints its address and runs until it is ended."""
import logging
import sys

from moto.server import DomainDispatcherApplication, create_backend_app
from werkzeug.serving import make_server

logging.getLogger("werkzeug").setLevel(logging.ERROR)
server = make_server("127.0.0.1", 0, DomainDispatcherApplication(create_backend_app), threaded=True)
print(f"http://127.0.0.1:{server.port}")
sys.stdout.flush()
server.serve_forever()
