package peer

// direction of a media section (RFC 3264 section 5.1), as the side that wrote
// it means it.
type direction struct{ send, recv bool }

var sendrecv = direction{true, true}

func (d direction) String() string {
	switch {
	case d.send && d.recv:
		return "sendrecv"
	case d.send:
		return "sendonly"
	case d.recv:
		return "recvonly"
	}
	return "inactive"
}

// mirror is the direction as the other side sees it.
func (d direction) mirror() direction { return direction{send: d.recv, recv: d.send} }

// and is what both allow.
func (d direction) and(e direction) direction {
	return direction{send: d.send && e.send, recv: d.recv && e.recv}
}

// direction is what w asks for, for one kind.
func (w Wanted) direction(k Kind) direction {
	if w.Hold {
		return direction{}
	}
	wish := w.of(k)
	return direction{send: wish.Send, recv: wish.Recv}
}

var directionWords = map[string]direction{
	"sendrecv": sendrecv,
	"sendonly": {send: true},
	"recvonly": {recv: true},
	"inactive": {},
}

// directionOf is the first direction in lines.
func directionOf(lines []string) (direction, bool) {
	for _, line := range lines {
		if len(line) == len("a=sendrecv") && line[:2] == "a=" {
			if d, ok := directionWords[line[2:]]; ok {
				return d, true
			}
		}
	}
	return direction{}, false
}
