"""Asks for thumbnails: python3 ask.py PHOTO WIDTH [SECONDS FROM NOW]"""
import sys

from tasks import make_thumbnail, note

photo_id, width, *later = sys.argv[1:]
countdown = int(later[0]) if later else None
task = make_thumbnail.apply_async(args=[photo_id], kwargs={"width": int(width)}, countdown=countdown)
note.delay(photo_id)
print(task.id)
