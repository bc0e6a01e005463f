package page

import (
	"fmt"
	"math"
	"math/rand/v2"
	"strconv"
	"strings"
)

// mixedCount is how many families the page has.
const mixedCount = 237

var (
	subsystems = strings.Fields("auth cache cron disk gateway grpc http index jobs ledger mail queue raft search storage stream")
	things     = strings.Fields("batches connections entries errors events flushes items locks messages objects pages reads records retries segments sessions tasks writes")
	// places are values of labels, some of them to be escaped and some not ASCII.
	places = []string{
		"eu-central-1", "us-east-1", "Zürich", "東京", `C:\data\hot`, `say "hi"`, "two\nlines", "", "a,b={c}", "#1", " padded ",
	}
	durationBounds = strings.Fields("0.005 0.01 0.025 0.05 0.1 0.25 0.5 1 2.5 +Inf")
	quantiles      = strings.Fields("0 0.5 0.9 0.99 1")
)

// mixed says how a family of one type is written: up to how many groups of series it has, and what each is, given its
// labels and its timestamp.
var mixed = []struct {
	kind, suffix string
	most         int
	series       func(t *text, timestamp int64, labels []string)
}{
	{"counter", "_total", 8, func(t *text, timestamp int64, labels []string) {
		t.sampleAt(timestamp, "", t.count(), labels...)
	}},
	{"gauge", "_current", 8, func(t *text, timestamp int64, labels []string) {
		t.sampleAt(timestamp, "", t.anyValue(), labels...)
	}},
	{"histogram", "_duration_seconds", 3, func(t *text, timestamp int64, labels []string) {
		t.histogram(timestamp, durationBounds, 1000, labels...)
	}},
	{"summary", "_latency_seconds", 3, func(t *text, timestamp int64, labels []string) {
		t.summary(timestamp, labels)
	}},
	{"untyped", "", 8, func(t *text, timestamp int64, labels []string) {
		t.sampleAt(timestamp, "", t.anyValue(), labels...)
	}},
}

func mixedFamilies(*rand.Rand) []family {
	var families []family
	for i := range mixedCount {
		m := mixed[i%len(mixed)]
		name := subsystems[i%len(subsystems)] + "_" + things[i/len(subsystems)] + m.suffix
		families = append(families, family{name, m.kind, mixedHelp(i), func(t *text) {
			// One family in eight has timestamps, one in six no labels and so a single series.
			var timestamp int64
			if i%8 == 5 {
				timestamp = 1_700_000_000_000 + t.Int64N(1e9)
			}
			if i%6 == 4 {
				m.series(t, timestamp, nil)
				return
			}
			for shard := range 1 + t.IntN(m.most) {
				m.series(t, timestamp, []string{"place", pick(t.Rand, places), "shard", strconv.Itoa(shard)})
			}
		}})
	}
	return families
}

// mixedHelp is the help of the i-th family: now and then there is something to escape, or none at all.
func mixedHelp(i int) string {
	thing := things[i/len(subsystems)]
	switch i % 10 {
	case 3:
		return fmt.Sprintf("The %s, as \\%s\\ has them.\nNot \"quoted\".", thing, thing)
	case 8:
		return ""
	}
	return fmt.Sprintf("The %s of the %s, counted since the start.", thing, subsystems[i%len(subsystems)])
}

// summary writes the samples of one summary; one in eight has observed nothing.
func (t *text) summary(timestamp int64, labels []string) {
	count, sum := 1+t.count(), t.seconds()
	none := t.IntN(8) == 0
	if none {
		count, sum = 0, 0
	}
	labels = append(labels, "quantile", "")
	latency := t.latency()
	for _, q := range quantiles {
		labels[len(labels)-1] = q
		if none {
			latency = math.NaN()
		}
		t.sampleAt(timestamp, "", latency, labels...)
		latency += t.latency()
	}
	labels = labels[:len(labels)-2]
	t.sampleAt(timestamp, "_sum", sum, labels...)
	t.sampleAt(timestamp, "_count", count, labels...)
}

// anyValue is a number of any kind: whole, fractional, negative, huge, tiny or not finite.
func (t *text) anyValue() float64 {
	switch t.IntN(12) {
	case 0:
		return math.Inf(+1)
	case 1:
		return math.Inf(-1)
	case 2:
		return math.NaN()
	case 3:
		return math.Ldexp(t.Float64(), t.IntN(2000)-1000)
	case 4, 5, 6:
		return t.latency()
	case 7, 8:
		return -t.seconds()
	}
	return t.count()
}
