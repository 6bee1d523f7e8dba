package audio

import "time"

const (
	linger     = time.Second            // the device stays open so long after its last use
	settle     = 20 * time.Millisecond  // before play-out alone is opened: a microphone may be wanted at once
	closeLimit = 2 * time.Second        // for a driver to close its device
	stallLimit = 3 * time.Second        // without play-out: the device has stopped
	stable     = 30 * time.Second       // after running so long, a device's next failure is a new one
	retryLeast = 250 * time.Millisecond // before a device that failed is tried again
	retryMost  = 15 * time.Second
)

// want is what the desk's users need of a device at the moment.
type want struct {
	open    OpenDevice
	gen     int
	play    bool
	capture bool
}

func (w want) any() bool { return w.play || w.capture }

func (d *Desk) want() want {
	d.mu.Lock()
	defer d.mu.Unlock()
	return want{
		open: d.open, gen: d.openGen,
		play:    len(d.inbound) > 0 || len(d.voices) > 0,
		capture: len(d.outbound) > 0 || len(d.taps) > 0,
	}
}

// manager opens and closes devices. While something sounds and no device runs,
// it lets the internal clock play. All of it belongs to run.
type manager struct {
	desk   *Desk
	timer  *time.Timer
	device *run      // nil for none
	clock  *clock    // nil for none
	live   bool      // the device is the current session
	since  time.Time // when it became so

	gen       int       // SetDevice that the fields below are about
	idleSince time.Time // zero while all that is open is used
	openAt    time.Time // not before this
	retry     time.Duration
	told      bool // of this device's problem

	calls     uint64 // play-outs when last looked
	callsSeen time.Time
}

func newManager(d *Desk) *manager { return &manager{desk: d, timer: time.NewTimer(time.Hour)} }

// run acts on every change and on its own timer until the desk closes.
func (m *manager) run() {
	defer m.timer.Stop()
	for {
		select {
		case <-m.desk.done:
			m.closeDevice()
			m.stopClock()
			return
		case <-m.desk.wakeManager:
		case <-m.timer.C:
		}
		m.timer.Reset(m.step(time.Now()))
	}
}

// step brings the device in line with what is wanted and returns when to look
// again.
func (m *manager) step(now time.Time) time.Duration {
	w := m.desk.want()
	next := time.Hour
	if w.gen != m.gen {
		m.closeDevice()
		m.gen, m.retry, m.told, m.openAt = w.gen, 0, false, time.Time{}
	}
	if !w.any() { // whoever comes next does not wait for an old retry
		m.retry, m.told, m.openAt = 0, false, time.Time{}
	}
	if m.device != nil {
		next = m.tend(w, now)
	}
	if m.device == nil && w.any() && w.open != nil {
		next = m.start(w, now)
	}
	m.runClock(w.any() && !m.live)
	return next
}

// tend looks after the open device.
func (m *manager) tend(w want, now time.Time) time.Duration {
	if err := m.trouble(now); err != nil {
		m.fail(err, now)
		return time.Hour // start decides
	}
	if w.capture && !m.device.capture {
		m.closeDevice()
		m.openAt = time.Time{}
		return time.Hour
	}
	if !m.live && m.device.session.started.Load() {
		m.promote(now)
	}
	if m.live && now.Sub(m.since) >= stable {
		m.told, m.retry = false, 0
	}
	if w.any() && w.capture == m.device.capture {
		m.idleSince = time.Time{}
		return stallLimit / 2
	}
	// More is open than is used: nothing at all, or only play-out.
	if m.idleSince.IsZero() {
		m.idleSince = now
	}
	if left := m.idleSince.Add(m.desk.linger).Sub(now); left > 0 {
		return left
	}
	m.closeDevice()
	return time.Hour
}

// trouble is why the device cannot go on; nil if it can.
func (m *manager) trouble(now time.Time) error {
	if err := m.device.err(); err != nil {
		return err
	}
	if !m.device.opened() {
		return nil // it may take its time: a person may be asked for permission
	}
	if calls := m.device.session.calls.Load(); calls != m.calls || m.callsSeen.IsZero() {
		m.calls, m.callsSeen = calls, now
	}
	if now.Sub(m.callsSeen) >= stallLimit {
		return errStalled
	}
	return nil
}

// promote makes the device, which has begun to play, the current session.
func (m *manager) promote(now time.Time) {
	m.stopClock()
	m.live, m.since = true, now
	m.desk.adopt(m.device.session)
	m.desk.log.Debug("sound device runs", "capture", m.device.capture)
}

// fail gives the device up for a while and says so once.
func (m *manager) fail(err error, now time.Time) {
	m.closeDevice()
	m.retry = min(max(2*m.retry, retryLeast), retryMost)
	m.openAt = now.Add(m.retry)
	if !m.told {
		m.told = true
		m.desk.report(problemDevice(err))
	}
}

// start opens the device, as soon as it may.
func (m *manager) start(w want, now time.Time) time.Duration {
	if m.openAt.IsZero() && !w.capture {
		m.openAt = now.Add(settle)
	}
	if left := m.openAt.Sub(now); left > 0 && (m.retry > 0 || !w.capture) {
		return left
	}
	m.openAt, m.idleSince, m.callsSeen, m.calls = time.Time{}, time.Time{}, time.Time{}, 0
	m.device = startRun(m.desk, w.open, w.capture)
	return stallLimit
}

func (m *manager) closeDevice() {
	if m.device == nil {
		return
	}
	if m.live {
		m.live = false
		m.desk.adopt(nil)
	}
	m.runClock(m.desk.want().any()) // closing takes time; streams go on meanwhile
	if !m.device.close(closeLimit) {
		m.desk.log.Error("the sound device does not close; it is left behind")
	}
	m.device, m.idleSince = nil, time.Time{}
}

func (m *manager) runClock(on bool) {
	switch {
	case !on:
		m.stopClock()
	case m.clock == nil:
		m.clock = startClock(m.desk)
		m.desk.adopt(m.clock.session)
	}
}

func (m *manager) stopClock() {
	if m.clock == nil {
		return
	}
	if m.desk.current.Load() == m.clock.session {
		m.desk.adopt(nil)
	}
	m.clock.close()
	m.clock = nil
}
