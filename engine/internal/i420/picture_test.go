package i420

import (
	"testing"
)

func TestPoolAndCounting(t *testing.T) {
	var pool Pool
	p := pool.Get(8, 8)
	p.Retain().Release()
	p.Release()
	if q := pool.Get(8, 8); q != p {
		t.Error("memory not reused")
	}
	for i := range 3 * maxFree {
		pool.Get(4+i, 4).Release()
	}
	if n := len(pool.free); n > maxFree {
		t.Errorf("pool keeps %d", n)
	}
	defer func() {
		if recover() == nil {
			t.Error("a second Release went unnoticed")
		}
	}()
	q := pool.Get(2, 2)
	q.Release()
	q.Release()
}

func TestPoolKeepsLittle(t *testing.T) {
	var pool Pool
	fill := func(n, w, h int) {
		var out []*Picture
		for range n {
			out = append(out, pool.Get(w, h))
		}
		for _, p := range out {
			p.Release()
		}
	}
	fill(12, 32, 32)
	if len(pool.free) != maxFree {
		t.Errorf("%d small pictures kept", len(pool.free))
	}
	fill(6, 4096, 2048)
	if len(pool.free) != 2 || pool.pixels != 2*4096*2048 {
		t.Errorf("%d large pictures kept, %d pixels", len(pool.free), pool.pixels)
	}
	a := pool.Get(4096, 2048)
	if len(pool.free) != 1 || pool.pixels != 4096*2048 {
		t.Errorf("%d left, %d pixels", len(pool.free), pool.pixels)
	}
	a.Release()
}

func TestPoolCloses(t *testing.T) {
	var pool Pool
	kept, lent := pool.Get(32, 32), pool.Get(32, 32)
	kept.Release()
	pool.Close()
	if len(pool.free) != 0 || pool.pixels != 0 {
		t.Errorf("%d kept, %d pixels", len(pool.free), pool.pixels)
	}
	lent.Release()
	pool.Get(16, 16).Release()
	pool.Close()
	if len(pool.free) != 0 || pool.pixels != 0 {
		t.Errorf("%d kept afterwards, %d pixels", len(pool.free), pool.pixels)
	}
}
