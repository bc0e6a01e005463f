"""Reads an exposition with the parsers of Python's prometheus_client, for "promfmt conformance --command".

The exposition comes on the standard input and its format in the environment variable PROMFMT_FORMAT. Its families are printed
as JSON, as corpus/README.md describes it. The exit status is 0 if the parser takes the exposition and 1 if it refuses it
with a ValueError, which is what it gives for what is invalid. Any other exception is a mistake of the parser and gives the
status of a program that was aborted.
"""

import io
import json
import os
import sys

from prometheus_client.openmetrics import parser as openmetrics
from prometheus_client import parser as text

ABORTED = 128 + 6


def seconds(timestamp):
    """A timestamp, which is a float or counts seconds and nanoseconds."""
    if hasattr(timestamp, "sec"):
        whole, nanos = timestamp.sec, timestamp.nsec
        sign = "-" if whole < 0 or nanos < 0 else ""
        return f"{sign}{abs(whole)}.{abs(nanos):09d}"
    return repr(float(timestamp))


def plain(labels, value, timestamp):
    o = {"labels": labels, "value": repr(float(value))}
    if timestamp is not None:
        o["timestamp"] = seconds(timestamp)
    return o


def sample(s):
    o = {"name": s.name, **plain(s.labels, s.value, s.timestamp)}
    if s.exemplar:
        o["exemplars"] = [plain(s.exemplar.labels, s.exemplar.value, s.exemplar.timestamp)]
    return o


def family(f, is_text):
    # The parser for text takes "_total" from the name of every counter. In text the family is called as its samples.
    name = f.name + "_total" if is_text and f.type == "counter" else f.name
    return {
        "name": name,
        "type": f.type,
        "help": f.documentation,
        "unit": f.unit,
        "samples": [sample(s) for s in f.samples],
    }


def main():
    is_text = os.environ["PROMFMT_FORMAT"] == "text"
    parse = text if is_text else openmetrics
    # As text_string_to_metric_families has it: a line ends at a line feed and nowhere else.
    exposition = io.TextIOWrapper(sys.stdin.buffer, encoding="utf-8", newline="\n")
    try:
        families = [family(f, is_text) for f in parse.text_fd_to_metric_families(exposition)]
    except ValueError as e:
        sys.exit(f"{type(e).__name__}: {e}")
    except Exception as e:
        print(f"{type(e).__name__}: {e}", file=sys.stderr)
        sys.exit(ABORTED)
    json.dump(families, sys.stdout)


main()
