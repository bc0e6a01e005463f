package model_test

import (
	"fmt"
	"math"
	"time"

	"github.com/promfmt/promfmt/model"
)

// A counter with labels, as a custom collector makes it.
func ExampleNewCounter() {
	requests := model.NewCounter("http_requests", "HTTP requests.", "method", "code")
	requests.Add(1027, "GET", "200")
	requests.Add(3, "POST", "400").Timestamp = model.TimestampFromTime(time.UnixMilli(1395066363000))

	family, err := requests.Family()
	if err != nil {
		fmt.Println(err)
		return
	}
	for s := range family.Samples() {
		fmt.Println(s.Name, s.Labels, s.Value)
	}
	// Output:
	// http_requests_total {method="GET",code="200"} 1027
	// http_requests_total {method="POST",code="400"} 3
}

// What few metrics have, such as exemplars and the time at which a counter began, is set on the metric.
func ExampleBuilder_Add() {
	jobs := model.NewCounter("jobs", "Jobs done.", "queue")
	extra := jobs.Add(17, "mail").MakeExtra()
	extra.Created = model.TimestampFromTime(time.Unix(1520430000, 0))
	extra.Exemplars = []model.Exemplar{{Labels: model.NewLabels("trace_id", "abc"), Value: 1}}

	family, err := jobs.Family()
	if err != nil {
		fmt.Println(err)
		return
	}
	for s := range family.Samples() {
		fmt.Printf("%s %s %.0f\n", s.Name, s.Labels, s.Value)
		if s.Exemplar != nil {
			fmt.Println("  for example", s.Exemplar.Labels)
		}
	}
	// Output:
	// jobs_total {queue="mail"} 17
	//   for example {trace_id="abc"}
	// jobs_created {queue="mail"} 1520430000
}

func ExampleNewHistogram() {
	latency := model.NewHistogram("latency_seconds", "Latency.", "method").Unit("seconds")
	latency.Add(model.HistogramOf(2.5,
		model.Bucket{UpperBound: 0.1, Count: 3},
		model.Bucket{UpperBound: 1, Count: 5},
		model.Bucket{UpperBound: math.Inf(1), Count: 6},
	), "GET")

	family, err := latency.Family()
	if err != nil {
		fmt.Println(err)
		return
	}
	for s := range family.Samples() {
		fmt.Println(s.Name, s.Labels, s.Value)
	}
	// Output:
	// latency_seconds_bucket {method="GET",le="0.1"} 3
	// latency_seconds_bucket {method="GET",le="1"} 5
	// latency_seconds_bucket {method="GET",le="+Inf"} 6
	// latency_seconds_sum {method="GET"} 2.5
	// latency_seconds_count {method="GET"} 6
}

func ExampleNewSummary() {
	size := model.NewSummary("size_bytes", "Sizes.")
	size.Add(model.SummaryOf(4, 1025, model.Quantile{Quantile: 0.5, Value: 256}))

	family, err := size.Family()
	if err != nil {
		fmt.Println(err)
		return
	}
	for s := range family.Samples() {
		fmt.Println(s.Name, s.Labels, s.Value)
	}
	// Output:
	// size_bytes {quantile="0.5"} 256
	// size_bytes_sum {} 1025
	// size_bytes_count {} 4
}

func ExampleNewInfo() {
	build := model.NewInfo("build", "The build.")
	build.Add(model.NewLabels("version", "1.2.3", "branch", "main"))

	family, err := build.Family()
	if err != nil {
		fmt.Println(err)
		return
	}
	for s := range family.Samples() {
		fmt.Println(s.Name, s.Labels, s.Value)
	}
	// Output:
	// build_info {version="1.2.3",branch="main"} 1
}

func ExampleNewStateSet() {
	mode := model.NewStateSet("mode", "The mode of operation.", "unit")
	mode.Add([]model.State{{Name: "starting"}, {Name: "running", Enabled: true}}, "pump")

	family, err := mode.Family()
	if err != nil {
		fmt.Println(err)
		return
	}
	for s := range family.Samples() {
		fmt.Println(s.Name, s.Labels, s.Value)
	}
	// Output:
	// mode {unit="pump",mode="starting"} 0
	// mode {unit="pump",mode="running"} 1
}

// The error of a family that was made wrongly names what is wrong.
func ExampleBuilder_Family() {
	free := model.NewGauge("free_bytes", "Free space.", "device")
	free.Add(1e9, "sda")
	free.Add(2e9, "sda")

	_, err := free.Family()
	fmt.Println(err)
	// Output:
	// metric family "free_bytes", metric {device="sda"}: the label set occurs twice with the same timestamp or with none
}

// The samples of a family are its lines in a text exposition.
func ExampleMetricFamily_Samples() {
	family := model.MetricFamily{Name: "temperature_celsius", Type: model.Gauge, HasType: true, Metrics: []model.Metric{
		{Labels: model.NewLabels("room", "kitchen"), Value: 21.5},
		{Labels: model.NewLabels("room", "cellar"), Value: 12},
	}}
	for s := range family.Samples() {
		fmt.Println(s.Name, s.Labels, s.Value)
	}
	// Output:
	// temperature_celsius {room="kitchen"} 21.5
	// temperature_celsius {room="cellar"} 12
}
