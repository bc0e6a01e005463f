// Command campaign fuzzes every target of the repository for a time each, one after the other, and keeps the account.
//
//	campaign -time 10s                                      every target for ten seconds
//	campaign -time 5m -rounds 6 -log c.jsonl -o C.md        all of them six times over, on record
//	campaign -log c.jsonl -o C.md -cover -rounds 0          only what the campaign has covered by now
//	campaign -log c.jsonl -o C.md -rounds 0                 only the table
//	campaign -time 1m -run 'writer|FuzzJSON'                some of them
//
// It is to be run in the root of the repository and finds the targets itself, by "go test -list" in every module. A long
// campaign runs in the background, where it is in nobody's way:
//
//	go build -o /tmp/campaign ./fuzz/campaign
//	GOMAXPROCS=1 nice -n 19 /tmp/campaign -time 10m -rounds 3 -parallel 1 -log fuzz/campaign.jsonl -o fuzz/CAMPAIGN.md &
//
// After each target a line goes into the log and the table is made anew of all lines of it, those of earlier campaigns
// included. So a campaign may be ended at any time, by an interrupt, and another may go on with it: the inputs it found
// worth keeping are in the go command's cache, as those of "go test -fuzz" are. Several may write the same log, and logs
// of several machines are one when they are put together.
//
// The time of a target counts from its first new input on, however many are known already and have to be run before. It is
// over when the target tells that it goes on, which it does every three seconds. One that does not go on is waited for: the
// go command ends it with the input it is at for ten seconds, and if nothing is executed for ninety it is a finding.
//
// An input that fails is moved into the folder of findings, beside what the target said of it, and the target goes on. To
// see it fail again, put it into testdata/fuzz/NAME of the target's package. There are findings if the exit status is 1.
// An input that passes when it is run by itself is kept too, but is no finding: it was tried when the process was stopped
// or killed, or when the machine had no time for it. What a finding was is written into the file of explanations, a line
// each, which the table tells.
//
// A target is ended by an interrupt, so it takes a system that has them, which Windows is not.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"regexp"
	"syscall"
	"time"
)

func main() {
	var c campaign
	flag.DurationVar(&c.time, "time", 10*time.Second, "how long to fuzz a target in each round")
	flag.IntVar(&c.rounds, "rounds", 1, "how often to run all targets; 0 to run none")
	flag.IntVar(&c.parallel, "parallel", 0, "fuzzing processes at once, as go test has it; 0 is one a processor")
	flag.StringVar(&c.minimize, "minimize", "10x", "time or runs to make an input smaller, as go test has it")
	flag.StringVar(&c.findings, "findings", "fuzz/findings", "folder for inputs that fail")
	flag.StringVar(&c.log, "log", "", "file to add what happened to")
	flag.StringVar(&c.table, "o", "", "file to write the table to; it needs a log")
	flag.StringVar(&c.explained, "explained", "fuzz/explained.jsonl", "file that says what the findings were")
	flag.BoolVar(&c.cover, "cover", false, "measure what the seeds cover, and the inputs found until now")
	pattern := flag.String("run", "", "pattern of the targets to run, such as fuzz.FuzzJSON; all if empty")
	flag.Parse()

	err := func() (err error) {
		if c.table != "" && c.log == "" {
			return errors.New("a table is made of a log: -o needs -log")
		}
		if c.pattern, err = regexp.Compile(*pattern); err != nil {
			return err
		}
		ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
		defer stop()
		return c.run(ctx)
	}()
	if err != nil {
		fmt.Fprintln(os.Stderr, "campaign:", err)
		os.Exit(1)
	}
}

type campaign struct {
	time             time.Duration
	rounds           int
	parallel         int
	minimize         string
	findings         string
	log, table       string
	explained        string
	cover            bool
	pattern          *regexp.Regexp
	commit, binaries string
	found            int
}

// run runs all rounds, and says so if anything was found.
func (c *campaign) run(ctx context.Context) (err error) {
	if c.commit, err = output(".", "git", "describe", "--always", "--dirty"); err != nil {
		return err
	}
	if c.binaries, err = os.MkdirTemp("", "campaign"); err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(c.binaries)) }()
	if err := c.makeTable(); err != nil || c.rounds == 0 && !c.cover {
		return err
	}
	packages, err := findTargets(c.pattern)
	if err != nil {
		return err
	}
	if c.rounds > 0 {
		for _, p := range packages {
			if err := p.build(ctx, c.binaries); err != nil {
				return err
			}
		}
	}
	for range c.rounds {
		for _, p := range packages {
			for _, name := range p.targets {
				fmt.Printf("%s.%s\n", p.name, name)
				e := c.fuzz(ctx, p, name)
				c.found += len(e.Run.Findings)
				if err := c.record(e); err != nil {
					return err
				}
				if ctx.Err() != nil {
					return c.verdict()
				}
			}
		}
	}
	if c.cover {
		coverage, err := measure(ctx, packages, c.binaries)
		if err != nil {
			return err
		}
		if err := c.record(entry{Coverage: coverage}); err != nil {
			return err
		}
		fmt.Print(coverageTable(coverage))
	}
	return c.verdict()
}

// record puts an entry into the log and makes the table anew.
func (c *campaign) record(e entry) error {
	e.Time, e.Commit = time.Now().UTC().Truncate(time.Second), c.commit
	if c.log == "" {
		return nil
	}
	return errors.Join(addToLog(c.log, e), c.makeTable())
}

// makeTable makes the table of what is in the log by now.
func (c *campaign) makeTable() error {
	if c.table == "" {
		return nil
	}
	entries, err := readLines[entry](c.log)
	if err != nil {
		return err
	}
	explanations, err := readLines[explanation](c.explained)
	if err != nil {
		return err
	}
	return os.WriteFile(c.table, []byte(report(entries, explanations)), 0o644)
}

func (c *campaign) verdict() error {
	if c.found == 0 {
		return nil
	}
	return fmt.Errorf("inputs that fail: %d, see %s", c.found, c.findings)
}
