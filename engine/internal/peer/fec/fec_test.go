package fec

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/pion/interceptor/pkg/flexfec"
	"github.com/pion/rtp"
)

const source = 0xcafe

// block makes packets of random lengths and contents, with all that an RTP
// header can have, from a number on.
func block(random *rand.Rand, n int, first uint16) [][]byte {
	packets := make([][]byte, n)
	for i := range packets {
		p := rtp.Packet{
			Header: rtp.Header{
				Version: 2, Marker: i == n-1, PayloadType: 96, SequenceNumber: first + uint16(i), Timestamp: random.Uint32(), SSRC: source,
			},
			Payload: make([]byte, 1+random.IntN(1150)),
		}
		for j := range p.Payload {
			p.Payload[j] = byte(random.Uint32())
		}
		if random.IntN(2) == 0 {
			_ = p.SetExtension(3, []byte{0, 0})
		}
		packets[i], _ = p.Marshal()
	}
	return packets
}

func parities(packets [][]byte, count int) (all [][]byte) {
	var e Encoder
	for _, p := range packets {
		e.Add(p)
	}
	e.Parity(count, func(payload []byte) { all = append(all, bytes.Clone(payload)) })
	return all
}

// decoder is one that has seen a packet before the block.
func decoder(first uint16) *Decoder {
	d := NewDecoder(source)
	before := make([]byte, rtpHeader)
	binary.BigEndian.PutUint16(before[2:], first-1)
	binary.BigEndian.PutUint32(before[8:], source)
	d.Packet(before)
	return d
}

// TestTwoLosses: any two packets of a block may be lost where it is of up to
// eleven and has four parities; what comes back is what was lost, in all bytes.
func TestTwoLosses(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 1))
	for n := 2; n <= 11; n++ {
		first := uint16(0xffff - 3) // the numbers begin anew in it
		packets := block(random, n, first)
		parity := parities(packets, 4)
		for a := range n {
			for b := range a {
				d := decoder(first)
				var got [][]byte
				for i, p := range packets {
					if i != a && i != b {
						got = append(got, d.Packet(p)...)
					}
				}
				for _, p := range parity {
					recovered, last, ok := d.Parity(p)
					if !ok || last-first >= uint16(n) {
						t.Fatalf("%d packets: parity for up to %d refused", n, last)
					}
					got = append(got, recovered...)
				}
				if len(got) != 2 || !contains(got, packets[a]) || !contains(got, packets[b]) {
					t.Fatalf("%d packets, %d and %d lost: %d came back", n, a, b, len(got))
				}
			}
		}
	}
}

func contains(list [][]byte, packet []byte) bool {
	return slices.ContainsFunc(list, func(p []byte) bool { return bytes.Equal(p, packet) })
}

// TestLateHelp: a parity that does not suffice waits for packets that come later.
func TestLateHelp(t *testing.T) {
	packets := block(rand.New(rand.NewPCG(2, 1)), 5, 100)
	parity := parities(packets, 1)
	d := decoder(100)
	for _, p := range packets[2:] {
		d.Packet(p)
	}
	if got, _, ok := d.Parity(parity[0]); !ok || len(got) != 0 {
		t.Fatal("recovered two packets from one parity")
	}
	if got := d.Packet(packets[1]); len(got) != 1 || !bytes.Equal(got[0], packets[0]) {
		t.Error("nothing came back when one of two was there")
	}
	if d.waits != 0 {
		t.Error("the parity still waits")
	}
}

// TestLastLost: the end of a frame is recovered before anything comes after it.
func TestLastLost(t *testing.T) {
	packets := block(rand.New(rand.NewPCG(3, 1)), 20, 100) // beyond the short mask
	d := decoder(100)
	for _, p := range packets[:19] {
		d.Packet(p)
	}
	var got [][]byte
	for _, p := range parities(packets, 2) {
		recovered, _, _ := d.Parity(p)
		got = append(got, recovered...)
	}
	if len(got) != 1 || !bytes.Equal(got[0], packets[19]) {
		t.Error("the last packet did not come back")
	}
}

// TestHolesTakeNoRoom: blocks that are lost whole do not keep later ones from being
// repaired.
func TestHolesTakeNoRoom(t *testing.T) {
	random := rand.New(rand.NewPCG(4, 1))
	d := decoder(100)
	first := uint16(100)
	for range 2 {
		lost := block(random, MaxBlock, first)
		if got, _, _ := d.Parity(parities(lost, 1)[0]); len(got) != 0 {
			t.Fatal("a whole block came back from one parity")
		}
		first += MaxBlock
	}
	packets := block(random, 9, first)
	for _, p := range packets[1:] {
		d.Packet(p)
	}
	if got, _, _ := d.Parity(parities(packets, 1)[0]); len(got) != 1 || !bytes.Equal(got[0], packets[0]) {
		t.Error("one packet did not come back after two holes")
	}
}

// TestPionsParity: what Pion makes of the same form is understood.
func TestPionsParity(t *testing.T) {
	for _, n := range []int{4, 30, 80} { // for each of the three masks
		raw := block(rand.New(rand.NewPCG(4, 1)), n, 500)
		packets := make([]rtp.Packet, n)
		for i := range raw {
			if err := packets[i].Unmarshal(raw[i]); err != nil {
				t.Fatal(err)
			}
		}
		d := decoder(500)
		for i, p := range raw {
			if i != n/2 {
				d.Packet(p)
			}
		}
		var got [][]byte
		for _, p := range flexfec.NewFlexEncoder03(49, 7).EncodeFec(packets, 2) {
			recovered, _, _ := d.Parity(p.Payload)
			got = append(got, recovered...)
		}
		if len(got) != 1 || !bytes.Equal(got[0], raw[n/2]) {
			t.Errorf("%d packets: %d came back", n, len(got))
		}
	}
}

// TestMissed holds the estimate of how many blocks are lost to what is lost.
func TestMissed(t *testing.T) {
	random := rand.New(rand.NewPCG(5, 1))
	for _, c := range []struct {
		packets, parities int
		loss              float64
	}{
		{2, 1, 0.05},
		{3, 1, 0.05},
		{9, 1, 0.02},
		{9, 2, 0.02},
		{9, 2, 0.05},
		{9, 3, 0.05},
		{9, 3, 0.1},
		{9, 4, 0.1},
		{5, 2, 0.1},
		{5, 3, 0.1},
		{12, 4, 0.1},
		{20, 4, 0.05},
		{41, 6, 0.05},
		{41, 8, 0.1},
		{46, 10, 0.1},
	} {
		share := simulate(random, c.packets, c.parities, c.loss, 20_000)
		estimate := missed(c.packets, c.parities, c.loss)
		t.Logf("%d packets, %d parities, %.0f %% loss: %.2f %% missed, %.2f %% estimated", c.packets, c.parities, 100*c.loss, 100*share, 100*estimate)
		if share > 1.5*estimate+0.005 || share < 0.4*estimate-0.005 {
			t.Errorf("%d packets, %d parities, %.0f %% loss: %.2f %% missed, %.2f %% estimated", c.packets, c.parities, 100*c.loss, 100*share, 100*estimate)
		}
	}
}

// simulate loses packets of blocks, by their columns alone.
func simulate(random *rand.Rand, packets, parities int, loss float64, rounds int) float64 {
	code := makeCode(packets, parities)
	missed := 0
	for range rounds {
		var rows [MaxParity]row
		lost := uint64(0)
		for i := range packets {
			if random.Float64() < loss {
				lost |= 1 << i
			}
		}
		s := solver{n: packets}
		for k := range parities {
			if random.Float64() < loss {
				continue
			}
			r := row{parities: 1 << k}
			for i, c := range code {
				if c>>k&1 == 1 {
					r.unknown |= lost & (1 << i)
				}
			}
			rows[s.m] = r
			s.rows[s.m] = r
			s.m++
		}
		for _, r := range s.reduce() {
			if r.unknown&(r.unknown-1) == 0 {
				lost &^= r.unknown
			}
		}
		if lost != 0 {
			missed++
		}
	}
	return float64(missed) / float64(rounds)
}

func TestParities(t *testing.T) {
	for _, c := range []struct {
		packets      int
		loss, misses float64
		most, want   int
	}{{1, 0.05, 0.02, 4, 1}, {9, 0.05, 0.02, 4, 3}, {9, 0.05, 0.05, 4, 2}, {9, 0.1, 0.02, 3, 3}, {9, 0.1, 0.02, 0, 0}, {40, 0.05, 0.02, 10, 8}} {
		if got := Parities(c.packets, c.loss, c.misses, c.most); got != c.want {
			t.Errorf("%+v: %d", c, got)
		}
	}
}

// TestStrangers: what is cut short, of another stream or from long ago is
// refused.
func TestStrangers(t *testing.T) {
	packets := block(rand.New(rand.NewPCG(6, 1)), 9, 1000)
	parity := parities(packets, 1)[0]
	d := decoder(1000)
	for n := range shortHeader {
		if _, _, ok := d.Parity(parity[:n]); ok {
			t.Fatalf("took %d bytes", n)
		}
	}
	for place, value := range map[int]byte{0: 0x40, 8: 2, 12: 1, 16: 0x90} {
		bad := bytes.Clone(parity)
		bad[place] = value
		if _, _, ok := d.Parity(bad); ok {
			t.Errorf("took %d at %d", value, place)
		}
	}
	if _, _, ok := NewDecoder(source).Parity(parity); ok {
		t.Error("took a parity before any packet")
	}
}

// FuzzDecoder: whatever comes, nothing that is given back is of another source
// or too large, and memory is bounded.
func FuzzDecoder(f *testing.F) {
	packets := block(rand.New(rand.NewPCG(7, 1)), 9, 1)
	for _, p := range parities(packets, 3) {
		f.Add(p, uint16(3), uint16(7))
	}
	f.Add(make([]byte, fullHeader), uint16(0), uint16(1))
	f.Fuzz(func(t *testing.T, parity []byte, lost, step uint16) {
		d := decoder(1)
		check := func(recovered [][]byte) {
			for _, p := range recovered {
				if len(p) < rtpHeader || len(p) > maxPacket || binary.BigEndian.Uint32(p[8:]) != source || p[0]>>6 != 2 {
					t.Fatalf("%d bytes: %x", len(p), p[:min(len(p), rtpHeader)])
				}
			}
		}
		for i, p := range packets {
			if uint16(i) != lost%9 {
				check(d.Packet(p))
			}
		}
		for n := range 2 * pending { // many of them, each of another place
			recovered, _, _ := d.Parity(parity)
			check(recovered)
			if len(parity) >= shortHeader {
				binary.BigEndian.PutUint16(parity[16:], binary.BigEndian.Uint16(parity[16:])+step)
				parity[len(parity)-1] ^= byte(n)
			}
		}
		if d.waits > pending || d.waits < 0 {
			t.Fatalf("%d wait", d.waits)
		}
	})
}

// BenchmarkFrame takes the parity of frames of nine packets, and the recovery of
// two of them.
func BenchmarkFrame(b *testing.B) {
	packets := block(rand.New(rand.NewPCG(8, 1)), 9, 0)
	for i, p := range packets {
		packets[i] = append(p, make([]byte, 1180-len(p))...)
	}
	for _, count := range []int{2, 3} {
		b.Run(fmt.Sprintf("encode-%d", count), func(b *testing.B) {
			var e Encoder
			b.ReportAllocs()
			for b.Loop() {
				for _, p := range packets {
					e.Add(p)
				}
				e.Parity(count, func([]byte) {})
			}
		})
	}
	b.Run("decode-2-lost", func(b *testing.B) {
		d := decoder(0)
		parity := parities(packets, 3)
		seq := uint16(0)
		b.ReportAllocs()
		for b.Loop() {
			got := 0
			for i, p := range packets {
				binary.BigEndian.PutUint16(p[2:], seq+uint16(i))
				if i != 2 && i != 5 {
					got += len(d.Packet(p))
				}
			}
			for _, p := range parity {
				binary.BigEndian.PutUint16(p[16:], seq)
				recovered, _, _ := d.Parity(p)
				got += len(recovered)
			}
			if got != 2 {
				b.Fatal(got)
			}
			seq += 9
		}
	})
}
