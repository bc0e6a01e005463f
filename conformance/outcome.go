package conformance

import (
	"fmt"
	"slices"

	"github.com/promfmt/promfmt/corpus"
)

// Verdict says which verdicts of the corpus a parser is held to.
type Verdict string

// The verdicts.
const (
	// Both leaves it to the parser what it makes of a file that is against the letter of its format and has one meaning
	// nevertheless, which the corpus accepts by default and refuses when strict.
	Both Verdict = "both"
	// Default demands that such a file is accepted, and read as it is meant.
	Default Verdict = "default"
	// Strict demands that it is refused.
	Strict Verdict = "strict"
)

// allows tells whether a parser may accept a file, and whether it may refuse it.
func (v Verdict) allows(e corpus.Expectation) (accept, refuse bool) {
	considered := map[Verdict][]corpus.Verdict{
		Both: {e.Default, e.Strict}, Default: {e.Default}, Strict: {e.Strict},
	}[v]
	return slices.Contains(considered, corpus.Accept), slices.Contains(considered, corpus.Refuse)
}

// Outcome is what became of a file.
type Outcome uint8

// The outcomes: first those in which the parser does as expected, then the differences.
const (
	// Accepted: it accepts what must be accepted and finds the families in it, if they are compared.
	Accepted Outcome = iota
	// Refused: it refuses what must be refused.
	Refused
	// Lenient: it accepts what may be refused.
	Lenient
	// ByTheLetter: it refuses what may be accepted.
	ByTheLetter

	// WronglyAccepted: it accepts what must be refused.
	WronglyAccepted
	// WronglyRefused: it refuses what must be accepted.
	WronglyRefused
	// FamiliesDiffer: it accepts what must be accepted and finds other families.
	FamiliesDiffer
	// NoVerdict: a signal ended it, or it did not come to an end.
	NoVerdict

	outcomeCount
)

var outcomeNames = [outcomeCount]string{
	Accepted: "accepted", Refused: "refused", Lenient: "lenient", ByTheLetter: "by the letter",
	WronglyAccepted: "wrongly accepted", WronglyRefused: "wrongly refused", FamiliesDiffer: "families differ",
	NoVerdict: "no verdict",
}

// String is the name of the outcome in reports, such as "wrongly accepted".
func (o Outcome) String() string { return outcomeNames[o] }

// MarshalText gives the same name as String.
func (o Outcome) MarshalText() ([]byte, error) { return []byte(o.String()), nil }

// IsDifference reports whether the parser did not do what was expected of it.
func (o Outcome) IsDifference() bool { return o >= WronglyAccepted }

// Result is what became of one file.
type Result struct {
	File    string  `json:"file"`
	Format  string  `json:"format"`
	Outcome Outcome `json:"outcome"`
	// Rule is the rule that a file breaks that is wrongly accepted.
	Rule string `json:"rule,omitempty"`
	// Reason says more about a difference: what is wrong with the file, what the parser says, or in what the families
	// differ.
	Reason string `json:"reason,omitempty"`
}

// judge compares what a program did with a file with what is expected.
func judge(file corpus.File, did run, o Options) Result {
	r := Result{File: file.Name, Format: file.Format}
	e := file.Expected()
	mayAccept, mayRefuse := o.Verdict.allows(e)
	switch {
	case did.broken != "":
		r.Outcome, r.Reason = NoVerdict, did.broken
	case did.accepted && !mayAccept:
		r.Outcome = WronglyAccepted
		f := worst(e)
		r.Rule, r.Reason = f.Rule, fmt.Sprintf("%d:%d: %s [%s]", f.Line, f.Column, f.Message, f.Rule)
	case did.accepted && mayRefuse:
		r.Outcome = Lenient
	case did.accepted:
		if r.Reason = o.Compare.difference(e.Families, did.output); r.Reason != "" {
			r.Outcome = FamiliesDiffer
		} else {
			r.Outcome = Accepted
		}
	case !mayRefuse:
		r.Outcome, r.Reason = WronglyRefused, did.said
	case mayAccept:
		r.Outcome = ByTheLetter
	default:
		r.Outcome = Refused
	}
	return r
}

// worst is the finding for which a file is refused: the first that is an error always, or else when strict.
func worst(e corpus.Expectation) corpus.Finding {
	for _, severity := range []func(corpus.Finding) string{
		func(f corpus.Finding) string { return f.Default }, func(f corpus.Finding) string { return f.Strict },
	} {
		i := slices.IndexFunc(e.Findings, func(f corpus.Finding) bool { return severity(f) == corpus.Error })
		if i >= 0 {
			return e.Findings[i]
		}
	}
	return corpus.Finding{}
}
