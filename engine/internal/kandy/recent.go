package kandy

// recent remembers the last values added to it.
type recent[T comparable] struct {
	ring []T
	next int
	set  map[T]struct{}
}

func newRecent[T comparable](size int) *recent[T] {
	return &recent[T]{ring: make([]T, 0, size), set: make(map[T]struct{}, size)}
}

// add reports whether v is new.
func (r *recent[T]) add(v T) bool {
	if r.has(v) {
		return false
	}
	r.set[v] = struct{}{}
	if len(r.ring) < cap(r.ring) {
		r.ring = append(r.ring, v)
		return true
	}
	delete(r.set, r.ring[r.next])
	r.ring[r.next] = v
	r.next = (r.next + 1) % len(r.ring)
	return true
}

func (r *recent[T]) has(v T) bool {
	_, ok := r.set[v]
	return ok
}
