package writer

import (
	"strings"

	dto "github.com/prometheus/client_model/go"
	"google.golang.org/protobuf/encoding/prototext"
	"google.golang.org/protobuf/encoding/protowire"
	"google.golang.org/protobuf/proto"

	"github.com/promfmt/promfmt/model"
)

// prototextBody prints what protobuf writes, so that there is one mapping onto the messages.
type prototextBody struct {
	protobuf
	messages []byte
}

func newPrototext(o *options) body {
	return &prototextBody{protobuf: protobuf{names: names{o.escaping}}}
}

func (p *prototextBody) end(*output) {}

func (p *prototextBody) family(o *output, f *model.MetricFamily) {
	begin, hold := len(o.buf), o.hold
	o.hold = true
	p.protobuf.family(o, f)
	o.hold = hold
	p.messages = append(p.messages[:0], o.buf[begin:]...)
	o.buf = o.buf[:begin]
	for rest := p.messages; len(rest) > 0; {
		message, n := protowire.ConsumeBytes(rest)
		var family dto.MetricFamily
		// What protobuf has written reads back.
		_ = proto.Unmarshal(message, &family)
		o.buf = appendStable(o.buf, prototext.Format(&family))
		o.buf = append(o.buf, '\n')
		rest = rest[n:]
	}
}

// appendStable appends text in which a field's colon is followed by one blank. Prototext prints one or two, as a hash of
// the program has it, so that nobody rely on its output; ours is to be the same always.
func appendStable(b []byte, text string) []byte {
	for line := range strings.Lines(text) {
		field, value, ok := strings.Cut(line, ": ")
		if !ok {
			b = append(b, line...)
			continue
		}
		b = append(append(b, field...), ": "...)
		b = append(b, strings.TrimPrefix(value, " ")...)
	}
	return b
}
