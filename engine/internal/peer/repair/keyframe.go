package repair

// keyFrame notes where the newest key frame begins and ends.
type keyFrame struct {
	first, last int64 // last is 0 while its end has not come
}

// add follows the packets of the stream and reports whether the beginning and
// the end of a key frame have come; what is between may be missing.
func (f *keyFrame) add(seq int64, way Way) bool {
	switch {
	case way == KeyWhole && seq > f.first:
		*f = keyFrame{first: seq, last: seq}
	case way == KeyStart && seq > f.first:
		*f = keyFrame{first: seq}
	case way == FrameEnds && f.first > 0 && seq > f.first && (f.last == 0 || seq < f.last):
		f.last = seq
	}
	return f.first > 0 && f.last > 0
}
