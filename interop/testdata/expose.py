"""Serves a registry of the Python client with metrics of every type, at the port that is the argument."""

import sys
import threading

from prometheus_client import CollectorRegistry, Counter, Enum, Gauge, Histogram, Info, Summary, start_http_server
from prometheus_client.core import GaugeHistogramMetricFamily, GaugeMetricFamily, Timestamp, UnknownMetricFamily


class Collected:
    """Metrics with timestamps, and of the types that only a collector can have."""

    def collect(self):
        weight = GaugeMetricFamily("order_weight_grams", "Weight of an order.", labels=["order"], unit="grams")
        weight.add_metric(["a"], 250, timestamp=1700000000)
        weight.add_metric(["b"], 1e21, timestamp=1700000000.5)
        weight.add_metric(["c"], 1e-7, timestamp=Timestamp(1700000000, 25000000))
        yield weight
        queue = GaugeHistogramMetricFamily("queue_length", "Orders that wait.", labels=["shop"])
        queue.add_metric(["x"], [("-1.0", 1), ("2.0", 4), ("+Inf", 5)], -3)
        yield queue
        yield UnknownMetricFamily("odd", "Nobody knows.", 7)


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
registry.register(Collected())

start_http_server(int(sys.argv[1]), "127.0.0.1", registry)
threading.Event().wait()
