package writer

import (
	"errors"
	"fmt"
	"math/bits"
	"slices"
	"strings"

	"github.com/promfmt/promfmt/diag"
	"github.com/promfmt/promfmt/model"
)

// Loss is something that a family has and its format does not carry: one for each family and rule. It is an error, and
// with Strict Encode gives it back, found by errors.As.
type Loss struct {
	// Rule says what was lost. Its meaning is a sentence for people.
	Rule diag.Rule
	// Family is the name of the family.
	Family string
	// Line is where the family started in its input; 0 if that is not known.
	Line int
	// Count says how often the loss occurs in the family, at least once.
	Count int
	// Detail is what can be said beyond the rule, for the first occurrence: which name became which, and the like. It
	// may be empty.
	Detail string
}

// Error renders l as one line, "family "x" (line 7): meaning (detail, 3 times) [rule-id]".
func (l Loss) Error() string {
	var b strings.Builder
	fmt.Fprintf(&b, "family %q", l.Family)
	if l.Line > 0 {
		fmt.Fprintf(&b, " (line %d)", l.Line)
	}
	b.WriteString(": ")
	b.WriteString(l.Rule.Meaning())
	switch {
	case l.Detail != "" && l.Count > 1:
		fmt.Fprintf(&b, " (%s, %d times)", l.Detail, l.Count)
	case l.Detail != "":
		fmt.Fprintf(&b, " (%s)", l.Detail)
	case l.Count > 1:
		fmt.Fprintf(&b, " (%d times)", l.Count)
	}
	fmt.Fprintf(&b, " [%s]", l.Rule.ID())
	return b.String()
}

// lose notes n occurrences of a loss in the family at hand. The detail, in parts, is that of the first.
func (o *output) lose(rule diag.Rule, n int, detail ...string) {
	for i := range o.losses {
		if l := &o.losses[i]; l.Rule == rule {
			l.Count += n
			return
		}
	}
	o.losses = append(o.losses, Loss{Rule: rule, Count: n, Detail: strings.Join(detail, "")})
}

// lacking notes as lost what the family has of the given features.
func (o *output) lacking(lacked featureSet) {
	for lost := o.used.set & lacked; lost != 0; lost &= lost - 1 {
		feature := bits.TrailingZeros32(uint32(lost))
		if info := &features[feature]; info.rule != diag.UnknownRule {
			o.lose(info.rule, o.used.counts[feature], info.detail)
		}
	}
}

// settle weighs the losses of f: it gives back those that are errors, and if there are none reports the warnings.
func (e *encoder) settle(f *model.MetricFamily) error {
	var refused []error
	for _, l := range e.weighed(f, diag.Error) {
		refused = append(refused, l)
	}
	if refused != nil || e.options.onLoss == nil {
		return errors.Join(refused...)
	}
	for _, l := range e.weighed(f, diag.Warning) {
		e.options.onLoss(l)
	}
	return nil
}

// weighed are the losses of f of a severity.
func (e *encoder) weighed(f *model.MetricFamily, severity diag.Severity) []Loss {
	var losses []Loss
	for _, l := range e.losses {
		if e.options.severities[l.Rule] == severity {
			// The strings of a family that is read into the same memory again are not to be kept.
			l.Family, l.Line = strings.Clone(f.Name), f.Line
			losses = append(losses, l)
		}
	}
	return losses
}

// holds reports whether the severities make an error of a loss, so that nothing of a family may be written out before
// all its losses are known.
func (o *options) holds() bool {
	return slices.ContainsFunc(lossRules, func(rule diag.Rule) bool { return o.severities[rule] == diag.Error })
}

// lossRules are the rules of losses.
var lossRules = slices.Collect(func(yield func(diag.Rule) bool) {
	for rule := range diag.Rules() {
		if strings.HasPrefix(rule.ID(), "loss-") && !yield(rule) {
			return
		}
	}
})
