package audio

import "math"

// stretcher makes decoded sound shorter or longer by one period of what is in
// it, so that neither pitch nor level change and nothing clicks: the sound is
// cross-faded with itself, one period on.
type stretcher struct {
	low [maxDecodedSamples / decimation]float32 // decimated copy for the search
}

const (
	decimation        = 4
	minLag            = 2*millisecond + millisecond/2 // 400 Hz
	maxLag            = 10 * millisecond              // 100 Hz
	quietPeak         = 0.003                         // −50 dBFS: anything goes
	similar           = 0.6                           // correlation from which a period counts as one
	maxDecodedSamples = 120 * millisecond             // RFC 6716 §3.2.5
)

// shorten takes one period out of pcm in place, most samples at most, and returns
// the new length, or the old one where no such period was found. force takes the
// best there is.
func (s *stretcher) shorten(pcm []float32, most int, force bool) int {
	lag := s.period(pcm, most, force)
	if lag == 0 || lag > most {
		return len(pcm)
	}
	step := 1 / float32(lag)
	w := step / 2
	for i := range lag {
		pcm[i] += (pcm[i+lag] - pcm[i]) * w
		w += step
	}
	return lag + copy(pcm[lag:], pcm[2*lag:])
}

// lengthen repeats one period of pcm[:n] in place and returns the new length;
// pcm has room for maxLag more than n. Where anything goes, by wish samples.
func (s *stretcher) lengthen(pcm []float32, n, wish int, force bool) int {
	lag := s.period(pcm[:n], wish, force)
	if lag == 0 {
		return n
	}
	copy(pcm[2*lag:n+lag], pcm[lag:n])
	// The first period stays; then comes one that goes from the second back
	// into the first, and after it the second and the rest as they were.
	step := 1 / float32(lag)
	w := step / 2
	for i := range lag {
		second := pcm[2*lag+i]
		pcm[lag+i] = second + (pcm[i]-second)*w
		w += step
	}
	return n + lag
}

// period finds the lag at which the beginning of pcm is most like itself; 0 if
// nothing is alike enough. In silence every lag is, and it is the one wished for.
func (s *stretcher) period(pcm []float32, wish int, force bool) int {
	most := min(maxLag, len(pcm)/2)
	if most < minLag {
		return 0
	}
	if peakOf(pcm) < quietPeak {
		return min(max(wish, minLag), most)
	}
	low := s.low[:min(len(pcm)/decimation, len(s.low))]
	for i := range low {
		p := pcm[i*decimation:]
		low[i] = p[0] + p[1] + p[2] + p[3]
	}
	coarse, likeness := bestLag(low, minLag/decimation, most/decimation)
	if likeness < similar && !force {
		return 0
	}
	from, to := max(minLag, (coarse-1)*decimation), min(most, (coarse+1)*decimation)
	lag, _ := bestLag(pcm, from, to)
	return lag
}

// bestLag compares x[0:n] with x[lag:lag+n] for every lag of a range.
func bestLag(x []float32, from, to int) (lag int, likeness float64) {
	n := len(x) - to
	likeness = math.Inf(-1)
	lag = from
	for l := from; l <= to; l++ {
		var xy, xx, yy float32
		for i, a := range x[:n] {
			b := x[l+i]
			xy += a * b
			xx += a * a
			yy += b * b
		}
		if c := float64(xy) / math.Sqrt(float64(xx)*float64(yy)+1e-12); c > likeness {
			lag, likeness = l, c
		}
	}
	return lag, likeness
}
