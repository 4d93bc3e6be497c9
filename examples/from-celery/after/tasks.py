"""The tasks of the app: a thumbnail of each photo, and a note when somebody asked for one."""
import os

from celery import Celery

app = Celery("tasks", broker=os.environ["AMQP_URL"])
# What is moved goes to a queue of its own, which Twolane consumes. Without this line Celery's workers do it again.
app.conf.task_routes = {"tasks.make_thumbnail": {"queue": "to-twolane"}}


def write(line):
    with open(os.path.join(os.environ["OUT"], "made.txt"), "a") as made:
        made.write(line + "\n")


@app.task
def make_thumbnail(photo_id, width=640):
    write(f"celery made {photo_id} {width}")


@app.task
def note(photo_id):
    write(f"celery noted {photo_id}")
