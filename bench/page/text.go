package page

import (
	"math/rand/v2"
	"strconv"
)

// text is the text of one family as it is being written, with the randomness that its values come from.
type text struct {
	*rand.Rand
	name   string
	buffer []byte
}

func (t *text) help(help string) {
	t.add("# HELP ", t.name, " ")
	t.escaped(help, false)
	t.add("\n")
}

func (t *text) kind(kind string) { t.add("# TYPE ", t.name, " ", kind, "\n") }

// sample writes a sample of the family: the family's name with a suffix, the labels as names and values in turn.
func (t *text) sample(suffix string, value float64, labels ...string) {
	t.sampleAt(0, suffix, value, labels...)
}

// sampleAt writes a sample with a timestamp in milliseconds, without one if it is 0.
func (t *text) sampleAt(timestamp int64, suffix string, value float64, labels ...string) {
	t.add(t.name, suffix)
	separator := "{"
	for i := 0; i < len(labels); i += 2 {
		t.add(separator, labels[i], `="`)
		t.escaped(labels[i+1], true)
		t.add(`"`)
		separator = ","
	}
	if len(labels) > 0 {
		t.add("}")
	}
	t.add(" ")
	t.buffer = strconv.AppendFloat(t.buffer, value, 'g', -1, 64)
	if timestamp != 0 {
		t.add(" ")
		t.buffer = strconv.AppendInt(t.buffer, timestamp, 10)
	}
	t.add("\n")
}

func (t *text) add(pieces ...string) {
	for _, s := range pieces {
		t.buffer = append(t.buffer, s...)
	}
}

func (t *text) escaped(s string, quotes bool) {
	for _, c := range []byte(s) {
		switch {
		case c == '\n':
			t.add(`\n`)
		case c == '\\', c == '"' && quotes:
			t.buffer = append(t.buffer, '\\', c)
		default:
			t.buffer = append(t.buffer, c)
		}
	}
}

// count is a whole number of any size up to that of a busy counter; small ones are as likely as large ones.
func (t *text) count() float64 { return float64(t.Uint64() >> (64 - t.UintN(34))) }

// bytes is a whole number of pages of memory.
func (t *text) bytes() float64 { return float64(t.Uint64N(1<<21)) * 4096 }

// seconds is a duration with hundredths, as the kernel counts them.
func (t *text) seconds() float64 { return t.count() / 100 }

// latency is a duration of less than a second with nanoseconds.
func (t *text) latency() float64 { return float64(t.Uint64N(1e9)>>t.UintN(14)) / 1e9 }

// instant is a time in seconds.
func (t *text) instant() float64 { return 1.7e9 + float64(t.Uint64N(1e9))/100 }

// number is a small whole number.
func (t *text) number() float64 { return float64(t.IntN(100)) }

// flag is 0 or 1.
func (t *text) flag() float64 { return float64(t.IntN(2)) }

// one is what an info metric says.
func (t *text) one() float64 { return 1 }

// pick is one of the values.
func pick[T any](r *rand.Rand, values []T) T { return values[r.IntN(len(values))] }
