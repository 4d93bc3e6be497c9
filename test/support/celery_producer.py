"""Sends tasks as a Celery app does. Arguments: URL of the broker, queue, what to send (see `sends`)."""
import datetime
import sys

from celery import Celery, signature

url, queue, what = sys.argv[1:4]


def make_app(**settings):
    made = Celery("app", broker=url, set_as_current=False)
    made.conf.update(task_default_queue=queue, broker_connection_timeout=5, **settings)
    return made


app = make_app()


def send(name="app.tasks.resize", args=("p1", 640), kwargs=None, **options):
    print(app.send_task(name, args=args, kwargs=kwargs or {}, **options).id)


def sends():
    now = datetime.datetime.now(datetime.timezone.utc)
    if what == "forms":
        send()
        send(args=("p2",), kwargs={"width": 320}, priority=7)
        send(args=("p3", 1), countdown=3600)
        send(args=("p4", 1), eta=now + datetime.timedelta(hours=2), expires=now + datetime.timedelta(hours=3))
        send(args=("p6", 1), time_limit=30, soft_time_limit=20)
        send(args=("p7", 1), compression="gzip")
        send("app.tasks.plain", args=(1, "two"), kwargs={"three": [3], "four": None})
        send("app.tasks.plain", args=(now.replace(microsecond=0), "é\u2028"))
        send(args=("twice", 1), task_id="the-same-id")
        send(args=("twice", 1), task_id="the-same-id")
        send(args=("twice", 1), task_id="the-same-id", retries=1)
    elif what == "refused":
        send(serializer="pickle")
        send("app.tasks.nobody")
        send(args=("no width",))
        send(args=("p\x00", 1))
        send(chain=[signature("app.tasks.plain", args=(), app=app)])
        send(link=signature("app.tasks.plain", app=app))
        send("app.tasks.plain", chord=signature("app.tasks.plain", app=app))
        make_app(task_protocol=1).send_task("app.tasks.resize", args=("p1", 1))
    else:
        for number in range(int(what)):
            send(args=(f"many-{number}", 1))


sends()
