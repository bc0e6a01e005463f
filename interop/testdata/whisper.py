"""Prints what a carbon-cache has stored, as the JSON object {path: value} of the last value of each metric.

The arguments are the directory of the metrics, the time at which to look, and the paths, which may have tags.
"""

import json
import os
import sys

import whisper
from carbon.util import TaggedSeries

directory, at = sys.argv[1], int(sys.argv[2])
stored = {}
for path in sys.argv[3:]:
    name = TaggedSeries.encode(path, os.sep, hash_only=True) if ";" in path else path.replace(".", os.sep)
    file = os.path.join(directory, name + ".wsp")
    if not os.path.exists(file):
        continue
    (begin, _, step), values = whisper.fetch(file, at - 1, at, now=at)
    for i, value in enumerate(values):
        if begin + i * step == at and value is not None:
            stored[path] = repr(value)
print(json.dumps(stored))
