package ui

import (
	"time"

	"tring/engine"
	"tring/ui/store"
)

// write writes one call down, if there is news of it.
func (r *recorder) write(account string, c engine.Call) bool {
	entry := store.FromCall(account, c)
	rec, known := r.live[c.ID]
	if !known {
		id, err := r.cfg.Store.BeginCall(entry)
		r.complain(err)
		rec = &recording{}
		entry.ID = id
		r.live[c.ID] = rec
		r.remember(c.ID, id)
	} else {
		entry.ID = rec.entry.ID
	}
	rec.meter.follow(rec.call, c)
	before := rec.entry
	rec.entry, rec.call = entry, c
	if c.State.Final() {
		delete(r.live, c.ID)
		r.judge(c.ID, callQuality{})
		r.over[c.ID] = true
		rec.entry.Receipt = rec.meter.receipt()
		if known || rec.entry.Receipt != nil {
			r.complain(r.cfg.Store.UpdateCall(rec.entry))
		}
		return true
	}
	if known && before == entry {
		return false
	}
	if known {
		r.complain(r.cfg.Store.UpdateCall(entry))
	}
	return true
}

// finish ends a call of which no end is known.
func (r *recorder) finish(rec *recording, at time.Time) {
	rec.entry.Ended, rec.entry.Receipt = at, rec.meter.receipt()
	if rec.entry.Outcome == store.Ringing {
		rec.entry.Outcome = store.Over
	}
	r.complain(r.cfg.Store.UpdateCall(rec.entry))
}

// remember keeps which entry is whose.
func (r *recorder) remember(call engine.CallID, entry int64) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.entries[call] = entry
	r.order = append(r.order, call)
	if len(r.order) > maxRecorded {
		delete(r.entries, r.order[0])
		r.order = r.order[1:]
	}
}
