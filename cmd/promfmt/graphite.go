package main

import (
	"fmt"
	"strconv"
	"time"

	"github.com/spf13/cobra"

	"github.com/promfmt/promfmt/model"
	"github.com/promfmt/promfmt/writer"
)

// graphite is what the flags for Graphite say.
type graphite struct {
	prefix    string
	tags      bool
	nonFinite bool
	time      graphiteTime
}

var graphiteFlags = []string{"graphite-prefix", "graphite-tags", "graphite-time", "graphite-nan"}

func (g *graphite) addFlags(cmd *cobra.Command) {
	g.time.text = timeOfSample
	flags := cmd.Flags()
	flags.StringVar(&g.prefix, graphiteFlags[0], "", "Graphite: begin every path with `PREFIX` and a dot")
	flags.BoolVar(&g.tags, graphiteFlags[1], false, "Graphite: write labels as tags, not as parts of the path")
	flags.Var(&g.time, graphiteFlags[2], "Graphite: when it was; sample (its own time, or now if it has none), now,"+
		"\nor a time for all, as in RFC 3339 or in seconds since 1970")
	flags.BoolVar(&g.nonFinite, graphiteFlags[3], false, "Graphite: write NaN and infinities instead of leaving them out")
	completeFlag(cmd, graphiteFlags[0])
	completeFlag(cmd, graphiteFlags[2], timeOfSample, timeNow)
}

// options are those of the encoder.
func (g *graphite) options() []writer.Option {
	options := []writer.Option{writer.GraphitePrefix(g.prefix)}
	if g.tags {
		options = append(options, writer.GraphiteTags())
	}
	if g.nonFinite {
		options = append(options, writer.GraphiteNonFinite())
	}
	if at := g.time.at; at != nil {
		options = append(options, writer.GraphiteTime(func(model.Timestamp) time.Time { return *at }))
	}
	return options
}

// The words for a time.
const (
	timeOfSample = "sample"
	timeNow      = "now"
)

// graphiteTime is a flag that says when all samples were taken. It is a pflag.Value.
type graphiteTime struct {
	text string
	at   *time.Time // nil for the time of the sample
}

func (g *graphiteTime) String() string { return g.text }
func (g *graphiteTime) Type() string   { return "TIME" }

func (g *graphiteTime) Set(text string) error {
	g.text, g.at = text, nil
	if text == timeOfSample {
		return nil
	}
	at := time.Now()
	if text != timeNow {
		var err error
		if at, err = parseTime(text); err != nil {
			return fmt.Errorf("it is %s, %s, a time as in 2006-01-02T15:04:05Z, or seconds since 1970", timeOfSample, timeNow)
		}
	}
	g.at = &at
	return nil
}

// parseTime reads seconds since 1970 or a time as in RFC 3339.
func parseTime(text string) (time.Time, error) {
	if seconds, err := strconv.ParseInt(text, 10, 64); err == nil {
		return time.Unix(seconds, 0), nil
	}
	return time.Parse(time.RFC3339, text)
}
