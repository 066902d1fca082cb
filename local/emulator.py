"""Runs the emulated AWS until its standard input ends, so that it never outlives the process that started it.

Its state is saved only at an orderly end. The file named by the first argument then holds the port, which is part of
that state (queue URLs name it); after a crash there is no such file.
"""

import os
import signal
import sys
import threading
import time
from contextvars import ContextVar

from ministack.app import main
from ministack.services import apigateway_v1

SAVE_SECONDS = 10

given_authorize = apigateway_v1._authorize_request_v1
given_event = apigateway_v1._build_lambda_event_v1
arrival = ContextVar("arrival")


async def authorize(*args):
    arrival.set(int(time.time() * 1000))
    return await given_authorize(*args)


def event_since_arrival(*args, **kwargs):
    """API Gateway tells functions when a request came; the emulator, when its authorizer was done with it."""
    event = given_event(*args, **kwargs)
    event["requestContext"]["requestTimeEpoch"] = arrival.get()
    return event


def end_with_parent():
    while os.read(sys.stdin.fileno(), 1024):
        pass
    os.kill(os.getpid(), signal.SIGTERM)
    time.sleep(SAVE_SECONDS)
    os.killpg(0, signal.SIGKILL)


apigateway_v1._authorize_request_v1 = authorize
apigateway_v1._build_lambda_event_v1 = event_since_arrival
saved = sys.argv.pop()
threading.Thread(target=end_with_parent, daemon=True).start()
main()
with open(saved, "w") as file:
    file.write(os.environ["GATEWAY_PORT"])
# Functions and their provers are in this process group and may not have noticed.
signal.signal(signal.SIGTERM, signal.SIG_IGN)
os.killpg(0, signal.SIGTERM)
try:
    while True:
        os.wait()
except ChildProcessError:
    pass
