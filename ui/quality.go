package ui

import (
	"math"
	"time"

	"fyne.io/fyne/v2/lang"

	"tring/engine"
)

// callQuality is how a call goes just now.
type callQuality struct {
	fault    fault  // the one that is told
	bars     int    // 3 good, 2 fair, 1 poor; 0 while it is not known
	side     side   // whose fault it is
	sentence string // what is wrong, in one sentence; "" if nothing is
	advice   string // what helps; "" if nothing can be done here
}

// side says where a fault is to be looked for.
type side int

const (
	nobody  side = iota // nothing is wrong
	here                // this computer, or its connection
	there               // the far end's
	between             // not to be told apart from here
)

// When a sentence comes and goes. What is wrong for a moment passes by itself,
// and a sentence that flickers helps nobody.
const (
	faultPatience = 3 * time.Second // of a fault before it is told
	poorPatience  = time.Second     // of a bad one
	easePatience  = 8 * time.Second // without it before it is forgotten
	qualityWindow = 6 * time.Second // over which shares are taken
	easeFactor    = 0.6             // of its limit, below which a fault that was told is over
)

// qualityJudge judges a call that goes on from one measurement to the next. It
// knows no clock but that of the measurements.
type qualityJudge struct {
	past []engine.Stats // of qualityWindow, the oldest first

	rising map[fault]time.Time // since when a fault is seen that is not told yet
	told   fault
	grade  int       // of what is told
	seen   time.Time // when that was seen last
	last   callQuality
}

// take judges by one more measurement of the call.
func (q *qualityJudge) take(s engine.Stats, c engine.Call) callQuality {
	if c.Media != engine.MediaFlowing || held(c) {
		*q = qualityJudge{} // callState tells of those, and nothing flows to be judged
		return q.last
	}
	if n := len(q.past); n > 0 && restarted(q.past[n-1], s) {
		q.past = nil
	}
	q.past = append(q.past, s)
	for len(q.past) > 2 && s.Time.Sub(q.past[1].Time) >= qualityWindow {
		q.past = q.past[1:]
	}
	if len(q.past) < 2 {
		return q.last
	}
	m := momentOf(q.past, c)
	if q.rising == nil {
		q.rising = map[fault]time.Time{}
	}
	// The numbers in a sentence stay as they are while it does.
	if q.weigh(s.Time, m) || q.last.bars == 0 {
		q.last = faultWords(q.told, q.grade, m, firstName(c))
	}
	return q.last
}

// weigh lets faults that last become the one that is told, and go again.
func (q *qualityJudge) weigh(now time.Time, m moment) (changed bool) {
	before, beforeGrade := q.told, q.grade
	if q.told != faultNone {
		atOnce := q.told == faultNoPicture || q.told == faultStill // everybody sees that it is over
		if grade := m.grade(q.told, easeFactor); grade > 0 {
			q.seen = now
			q.grade = min(q.grade, grade)
		} else if atOnce || now.Sub(q.seen) >= easePatience {
			q.told, q.grade = faultNone, 0
		}
	}
	for f := faultNone + 1; f < faultCount; f++ {
		grade := m.grade(f, 1)
		if grade == 0 {
			delete(q.rising, f)
			continue
		}
		since, is := q.rising[f]
		if !is {
			since = now
			q.rising[f] = now
		}
		patience := faultPatience
		if grade > 1 && f != faultStill { // it lasts for two measurements already
			patience = poorPatience
		}
		if grade > q.grade && now.Sub(since) >= patience {
			q.told, q.grade, q.seen = f, grade, now
		}
	}
	return q.told != before || q.grade != beforeGrade
}

// restarted reports whether counters began anew, as they do with a new transport.
func restarted(before, now engine.Stats) bool {
	a, b := before.Audio, now.Audio
	if a != nil && b != nil && (b.Inbound.Packets < a.Inbound.Packets || b.Outbound.Packets < a.Outbound.Packets) {
		return true
	}
	v, w := before.Video, now.Video
	if (v == nil) != (w == nil) {
		return true
	}
	return v != nil && (w.Inbound.Packets < v.Inbound.Packets || w.Outbound.Packets < v.Outbound.Packets)
}

// moment is the last seconds of a call in the numbers that are judged.
type moment struct {
	lossIn, lossOut float64 // shares of the packets
	trip            time.Duration
	concealed       float64 // share of the time that sound was made up
	frozen          float64 // share of the time that the picture stood still

	wanted  bool   // the far end says that it sends pictures
	sawOne  bool   // one of them was shown
	decoded uint64 // how many were shown since the measurement before
	arrived uint64 // and how many packets of them came

	sending       bool // pictures of the camera, none of a screen
	limited       engine.Limit
	sent, cameras float64 // pictures a second sent, and from the camera
}

func momentOf(past []engine.Stats, c engine.Call) moment {
	first, last := past[0], past[len(past)-1]
	m := moment{trip: last.RoundTrip}
	span := last.Time.Sub(first.Time).Seconds()
	var packets, lost float64
	count := func(a, b engine.InboundStats) {
		packets += float64(b.Packets - a.Packets)
		lost += max(0, float64(b.PacketsLost-a.PacketsLost))
	}
	if a, b := first.Audio, last.Audio; a != nil && b != nil {
		count(a.Inbound.InboundStats, b.Inbound.InboundStats)
		if span > 0 {
			m.concealed = max(0, (b.Inbound.Concealed-a.Inbound.Concealed).Seconds()) / span
		}
	}
	if a, b := first.Video, last.Video; a != nil && b != nil {
		count(a.Inbound.InboundStats, b.Inbound.InboundStats)
		if span > 0 && c.RemoteVideo {
			m.frozen = frozenFor(past).Seconds() / span
		}
		m.wanted, m.sawOne = c.RemoteVideo, b.Inbound.FramesDecoded > 0
		if before := past[len(past)-2].Video; before != nil {
			m.decoded = b.Inbound.FramesDecoded - before.Inbound.FramesDecoded
			m.arrived = b.Inbound.Packets - before.Inbound.Packets
		}
		m.sending = c.SendingVideo && !c.ScreenShared
		m.limited, m.sent, m.cameras = b.Outbound.Limited, b.Outbound.FPS, b.Outbound.CameraFPS
	}
	if lost > 0 {
		m.lossIn = lost / (lost + packets)
	}
	m.lossOut = reportedLoss(past)
	return m
}

// frozenFor is for how long the picture stood still, all in all. What stood
// still for longer than is looked back was told at that time, or was turned off.
func frozenFor(past []engine.Stats) time.Duration {
	sum := time.Duration(0)
	for i, s := range past[1:] {
		before := past[i].Video
		if before == nil || s.Video == nil {
			continue
		}
		if d := s.Video.Inbound.FreezeTime - before.Inbound.FreezeTime; d > 0 && d <= qualityWindow {
			sum += d
		}
	}
	return sum
}

// reportedLoss is what the far end lost of what was sent, in the mean: of the
// kind of media that lost more, as far as it was sent at all.
func reportedLoss(past []engine.Stats) float64 {
	var sums [2]float64
	var counts [2]int
	note := func(kind int, before, now engine.OutboundStats) {
		if now.Packets > before.Packets {
			sums[kind] += min(max(now.LossReported, 0), 1)
			counts[kind]++
		}
	}
	for i, s := range past[1:] {
		before := past[i]
		if before.Audio != nil && s.Audio != nil {
			note(0, before.Audio.Outbound, s.Audio.Outbound)
		}
		if before.Video != nil && s.Video != nil {
			note(1, before.Video.Outbound.OutboundStats, s.Video.Outbound.OutboundStats)
		}
	}
	loss := 0.0
	for kind, n := range counts {
		if n > 0 {
			loss = max(loss, sums[kind]/float64(n))
		}
	}
	return loss
}

// roundFPS is a rate of pictures for a sentence.
func roundFPS(fps float64) int { return int(math.Round(fps)) }

// faultWords tells of a fault in a call with name.
func faultWords(f fault, grade int, m moment, name string) callQuality {
	q := callQuality{bars: 3 - grade, fault: f}
	data := map[string]any{"Name": name}
	nearer := lang.L("Move nearer to the Wi-Fi, or use a cable.")
	switch f {
	case faultNoCamera:
		q.side, q.sentence = here, lang.L("Your camera gives no picture.")
		q.advice = lang.L("Plug it in again, or choose another one.")
	case faultNoPicture:
		q.side, q.sentence = there, lang.L("{{.Name}} sends no picture; nothing to fix here.", data)
		if m.arrived > 0 {
			q.side, q.sentence = between, lang.L("{{.Name}}’s picture arrives, but cannot be shown.", data)
			q.advice = lang.L("Ask to have the camera turned off and on again.")
		}
	case faultStill:
		q.side, q.sentence = there, lang.L("{{.Name}}’s picture stands still; nothing to fix here.", data)
		if m.arrived > 0 {
			q.side, q.sentence = between, lang.L("{{.Name}}’s picture stands still: what arrives cannot be shown.", data)
			q.advice = lang.L("Ask to have the camera turned off and on again.")
		}
	case faultLossBoth:
		q.side, q.sentence = between, lang.L("The connection between you and {{.Name}} is weak, both ways.", data)
		q.advice = nearer
	case faultLossOut:
		q.side, q.advice = here, nearer
		switch {
		case m.sending && m.limited == engine.LimitedByConnection:
			q.sentence = lang.L("Your connection loses what you send: {{.Name}} sees a smaller picture.", data)
		case m.sending:
			q.sentence = lang.L("Your connection loses what you send: {{.Name}} may see and hear gaps.", data)
		default:
			q.sentence = lang.L("Your connection loses what you send: {{.Name}} may hear gaps.", data)
		}
	case faultComputer:
		q.side, q.advice = here, lang.L("Close other programs, or choose a smaller picture in the settings.")
		q.sentence = lang.L("This computer is busy: {{.Name}} sees a smaller picture.", data)
		if grade > 1 {
			data["Count"] = roundFPS(m.sent)
			q.sentence = lang.L("This computer is busy: {{.Name}} sees only {{.Count}} pictures a second.", data)
		}
	case faultLossIn:
		q.side, q.sentence = there, lang.L("{{.Name}}’s connection is weak; nothing to fix here.", data)
	case faultSlow:
		q.side, q.sentence = here, lang.L("Your connection is slow: {{.Name}} sees a smaller picture.", data)
		q.advice = nearer
	case faultTrip:
		data["Time"] = lang.L("{{.Number}} s", with{"Number": decimal(m.trip.Seconds(), 1)})
		q.side, q.sentence = between, lang.L("Sound takes {{.Time}} to {{.Name}} and back: let each other finish.", data)
	case faultUneven:
		q.side, q.sentence = there, lang.L("Sound from {{.Name}} arrives unevenly; nothing to fix here.", data)
	case faultFrozen:
		q.side, q.sentence = there, lang.L("{{.Name}}’s picture stands still at times; nothing to fix here.", data)
	case faultCamera:
		data["Count"] = roundFPS(m.cameras)
		q.side, q.sentence = here, lang.L("Your camera gives only {{.Count}} pictures a second; more light helps.", data)
	}
	return q
}
