"""Prints a registry of the Python client as JSON: {"text": ..., "openmetrics": ...}, with metrics of every type."""

import json

from prometheus_client import CollectorRegistry, Counter, Enum, Gauge, Histogram, Info, Summary, generate_latest
from prometheus_client.openmetrics.exposition import generate_latest as generate_openmetrics

registry = CollectorRegistry()
orders = Counter("orders", "Orders by country.", ["country"], registry=registry)
orders.labels("CH").inc(3, exemplar={"trace_id": "4bf92f3577b34da6"})
orders.labels("ÅX").inc(1e15 + 0.5)
stock = Gauge("stock_level", 'Pieces in "stock".\nBackslash: \\.', ["article"], registry=registry)
stock.labels('3/4" pipe, {\\}\n#').set(-0.5)
stock.labels("").set(float("nan"))
stock.labels("max").set(float("inf"))
stock.labels("min").set(float("-inf"))
latency = Histogram("order_latency_seconds", "Time an order takes.", ["step"], buckets=(0.1, 1, 1e6), registry=registry)
for i, seconds in enumerate((0.05, 0.5, 5, 5e6)):
    latency.labels("pay").observe(seconds, exemplar={"order": str(i)})
Summary("order_size_bytes", "Size of an order.", registry=registry).observe(512)
Info("shop", "What the shop runs.", registry=registry).info({"version": "1.2.3", "edition": "example"})
Enum("shop_state", "What the shop does.", states=["open", "closed"], registry=registry).state("closed")

print(json.dumps({
    "text": generate_latest(registry).decode(),
    "openmetrics": generate_openmetrics(registry).decode(),
}))
