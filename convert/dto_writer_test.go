package convert_test

import (
	"bytes"
	"errors"
	"io"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	dto "github.com/prometheus/client_model/go"
	"github.com/stretchr/testify/require"
	"google.golang.org/protobuf/encoding/protodelim"
	"google.golang.org/protobuf/testing/protocmp"

	"github.com/promfmt/promfmt/convert"
	"github.com/promfmt/promfmt/format"
	"github.com/promfmt/promfmt/writer"
)

// The protobuf writer makes its bytes without going through dto. They say what ToDTO says, and what ToGatherer says of
// loose samples.
func TestTheWriterAgreesWithToDTO(t *testing.T) {
	for _, test := range append(roundTrips, losses...) {
		t.Run(test.name, func(t *testing.T) {
			var b bytes.Buffer
			encoder, err := writer.New(&b, format.Protobuf)
			require.NoError(t, err)
			require.NoError(t, encoder.Encode(&test.family))
			require.NoError(t, encoder.Close())
			written := messages(t, &b)

			converted, err := convert.ToDTO(&test.family)
			require.NoError(t, err)
			if diff := cmp.Diff(converted, written[0], protocmp.Transform(), cmpopts.EquateNaNs()); diff != "" {
				t.Error(diff)
			}

			gathered, err := convert.ToGatherer(yielding(&test.family)).Gather()
			require.NoError(t, err)
			slices.SortStableFunc(written, func(a, b *dto.MetricFamily) int { return strings.Compare(a.GetName(), b.GetName()) })
			if diff := cmp.Diff(gathered, written, protocmp.Transform(), cmpopts.EquateNaNs()); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// messages reads the families of a delimited protobuf exposition.
func messages(t *testing.T, r protodelim.Reader) []*dto.MetricFamily {
	t.Helper()
	var families []*dto.MetricFamily
	for {
		d := &dto.MetricFamily{}
		err := protodelim.UnmarshalFrom(r, d)
		if errors.Is(err, io.EOF) {
			return families
		}
		require.NoError(t, err)
		families = append(families, d)
	}
}
