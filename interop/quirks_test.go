//go:build interop

package interop

import (
	"maps"
	"slices"
	"strings"
	"testing"
)

// quirk is a known difference: what a program makes of an exposition and we do not.
type quirk struct {
	reason string
	// says is part of the message with which the program refuses the exposition, empty if it takes it.
	says string
	// missing and added are how many samples it does not find, and finds besides.
	missing, added int
}

// outcome is what a program made of an exposition.
type outcome struct {
	message string // with which it refused the exposition
	difference
}

// quirks are the known differences of a program, by the name of the exposition.
type quirks map[string]quirk

// hold fails the test unless the outcomes are as the table says, and each row of it is about one of them.
func (q quirks) hold(t *testing.T, outcomes map[string]outcome) {
	t.Helper()
	for _, name := range slices.Sorted(maps.Keys(outcomes)) {
		if known, ok := q[name]; ok {
			known.holds(t, name, outcomes[name])
		} else if o := outcomes[name]; o.message != "" {
			t.Errorf("%s is refused: %s", name, o.message)
		} else if !o.isEmpty() {
			t.Errorf("%s: samples are missing:\n%s\nand there are besides:\n%s", name, short(o.Missing), short(o.Added))
		}
	}
	for name, known := range q {
		if _, ok := outcomes[name]; !ok {
			t.Errorf("%s: there is no such exposition to be different: %s", name, known.reason)
		}
	}
}

func (q quirk) holds(t *testing.T, name string, o outcome) {
	t.Helper()
	switch {
	case q.says != "" && !strings.Contains(o.message, q.says), q.says == "" && o.message != "":
		t.Errorf("%s: the known difference %q is another now: the message is %q, not %q", name, q.reason, o.message, q.says)
	case len(o.Missing) != q.missing || len(o.Added) != q.added:
		t.Errorf("%s: the known difference %q has %d missing and %d added samples, not %d and %d:\n%s\n%s",
			name, q.reason, len(o.Missing), len(o.Added), q.missing, q.added, short(o.Missing), short(o.Added))
	case q == quirk{reason: q.reason}:
		t.Errorf("%s: the row does not say what the difference is: %s", name, q.reason)
	}
}

// short are the first few of lines, in the characters that tell them.
func short(list []string) string {
	var b strings.Builder
	for i, l := range list {
		if i == 12 {
			b.WriteString("…")
			break
		}
		b.WriteString("  " + l[:min(len(l), 200)] + "\n")
	}
	return b.String()
}
