"""The application of the Celery peer, as its documentation advises for many short tasks that must not be lost.

acks_late and reject_on_worker_lost: a task is acknowledged when it has ended. confirm_publish, where asked for: a
publisher waits until RabbitMQ has the message, which is persistent in a durable queue by default. A prefetch multiplier of
128, no results.
"""
import os
import struct
import time

from celery import Celery

app = Celery("bench", broker=os.environ["BENCH_AMQP_URL"])
app.conf.update(
    broker_transport_options={"confirm_publish": bool(os.environ.get("BENCH_CONFIRMED"))},
    task_acks_late=True,
    task_reject_on_worker_lost=True,
    task_default_queue=os.environ["BENCH_QUEUE"],
    task_ignore_result=True,
    worker_prefetch_multiplier=128,
)
_file = None


@app.task
def run(sent_at):
    """Writes how long it waited, milliseconds, into a file of its process: eight bytes for each task."""
    global _file
    if _file is None:
        path = os.path.join(os.environ["BENCH_FOLDER"], "%d.waits" % os.getpid())
        _file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    os.write(_file, struct.pack("<d", time.time() * 1000 - sent_at))
