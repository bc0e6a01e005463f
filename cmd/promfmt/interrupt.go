package main

import (
	"os"
	"os/signal"
	"slices"
	"syscall"
	"time"
)

// endOnSignals has a signal that asks for the end take back an unfinished output and end the process by that very
// signal, without a word. It works whatever the process is waiting for, a read from a terminal included. A signal that
// is ignored, as under nohup, stays so.
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
		a.screen.clear()
		endBy(s)
	}()
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
