"""Reads expositions with the parsers of prometheus_client and prints what samples they find.

Every line of the standard input is an exposition, the JSON array [format, text]; for each a line is printed, the JSON
object {"error": ..., "samples": [[name, labels, value, timestamp], ...]} with numbers as strings. A timestamp is empty,
or a number of seconds, or one of seconds and one of nanoseconds.
"""

import json
import sys

from prometheus_client.openmetrics.parser import text_string_to_metric_families as openmetrics
from prometheus_client.parser import text_string_to_metric_families as text
from prometheus_client.samples import Timestamp

PARSERS = {"text": text, "openmetrics": openmetrics}


def timestamp(t):
    if t is None:
        return ""
    if isinstance(t, Timestamp):
        return f"{t.sec} {t.nsec}"
    return repr(float(t))


def read(parse, exposition):
    samples = []
    for family in parse(exposition):
        for s in family.samples:
            samples.append([s.name, s.labels, repr(float(s.value)), timestamp(s.timestamp)])
    return samples


for line in sys.stdin:
    name, exposition = json.loads(line)
    answer = {"error": "", "samples": []}
    try:
        answer["samples"] = read(PARSERS[name], exposition)
    except Exception as e:  # whatever a parser dies of
        answer["error"] = f"{type(e).__name__}: {e}"
    print(json.dumps(answer))
