"""Enqueues tasks as it is told, a line of JSON each: {"jobs": 1000, "perS": null}. Answers with a line when they are taken."""
import json
import sys
import time

from tasks import run


def enqueue(jobs, per_s):
    started = time.time()
    for n in range(jobs):
        if per_s:
            time.sleep(max(0, started + n / per_s - time.time()))
        run.apply_async((time.time() * 1000,))


with run.app.producer_pool.acquire(block=True) as producer:
    producer.connection.ensure_connection()
print("ready", flush=True)
for line in sys.stdin:
    order = json.loads(line)
    enqueue(order["jobs"], order["perS"])
    print("done", flush=True)
