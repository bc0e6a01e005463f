package main

import (
	"os"
	"os/signal"
	"slices"
	"sync"
	"syscall"
	"time"
)

// endOnSignals has a signal that asks for the end take back an unfinished output, end the programs that were started, and
// end the process by that very signal, without a word. It works whatever the process is waiting for, a read from a terminal
// included. A signal that is ignored, as under nohup, stays so.
//
// A write to a pipe without a reader gives an error instead of a signal, so that the same is done on the way out.
func (a *app) endOnSignals() {
	signal.Ignore(syscall.SIGPIPE)
	ends := slices.DeleteFunc([]os.Signal{os.Interrupt, syscall.SIGTERM, syscall.SIGHUP}, signal.Ignored)
	if len(ends) == 0 {
		return
	}
	received := make(chan os.Signal, 1)
	signal.Notify(received, ends...)
	go func() {
		s := <-received
		a.unfinished.abandon()
		a.programs.abandon()
		a.screen.clear()
		endBy(s)
	}()
}

// graceOfSignals is how long after a signal to somebody else one may come here that was sent to both.
const graceOfSignals = 50 * time.Millisecond

// awaitSignal gives a signal time to come that has ended whoever wrote to a pipe, so that what was left half done is not
// taken for the whole: from a terminal it goes to both, and the end of the input may be here first.
func (a *app) awaitSignal() {
	if a.piped {
		a.piped = false
		time.Sleep(graceOfSignals)
	}
}

// programs are other programs that run for a command.
type programs struct {
	mu  sync.Mutex
	end func() // ends them and returns when they have ended; nil if there are none
}

// begin says how to end the programs that are to run now.
func (p *programs) begin(end func()) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.end = end
}

// done says that they have ended. It does not return if they were abandoned.
func (p *programs) done() { p.begin(nil) }

// abandon ends the programs because the process is about to end.
func (p *programs) abandon() {
	p.mu.Lock() // never to be unlocked
	if p.end != nil {
		p.end()
	}
}

// endBy ends the process by the signal, so that a shell sees that it was interrupted. Where that cannot be done, the
// exit status is the one that a shell would have shown.
func endBy(s os.Signal) {
	signal.Reset(s)
	if self, err := os.FindProcess(os.Getpid()); err == nil && self.Signal(s) == nil {
		time.Sleep(time.Second) // the signal comes in its own time
	}
	status := statusTrouble
	if number, ok := s.(syscall.Signal); ok {
		status = 128 + int(number)
	}
	os.Exit(status)
}
