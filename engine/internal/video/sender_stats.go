package video

import (
	"time"

	"tring/engine"
	"tring/engine/internal/i420"
)

// SenderStats counts what a Sender has done.
type SenderStats struct {
	FramesEncoded uint64
	Width, Height int           // as sent, of the last frame
	FPS           float64       // over the last two seconds
	EncodeTime    time.Duration // mean of the last frames
	KeyFrames     uint64
	TargetBPS     int          // bit rate that is aimed at
	Rung          int          // of the governor's ladder: 0 looks best, more costs less
	CameraFPS     float64      // pictures a second that come from the hub
	Limited       engine.Limit // what made the last picture smaller, or pictures fewer
}

// Stats gives the counts so far.
func (s *Sender) Stats() SenderStats {
	s.statsMu.Lock()
	defer s.statsMu.Unlock()
	stats := s.stats
	now := time.Now()
	stats.FPS, stats.CameraFPS = s.rate.rate(now), s.camera.rate(now)
	stats.TargetBPS = int(s.bitrate.Load())
	return stats
}

// limited is what the picture suffers from now.
func (s *Sender) limited() engine.Limit {
	switch rung := s.govern.rung(); {
	case rung.step > s.fit.step || rung.fps > 0:
		return engine.LimitedByComputer
	case s.fit.step > 0:
		return engine.LimitedByConnection
	}
	return engine.Unlimited
}

func (s *Sender) count(key bool, p *i420.Picture, took time.Duration) {
	s.statsMu.Lock()
	defer s.statsMu.Unlock()
	s.stats.FramesEncoded++
	if key {
		s.stats.KeyFrames++
	}
	s.stats.Width, s.stats.Height = p.Width(), p.Height()
	s.stats.Rung = s.govern.at
	s.stats.Limited = s.limited()
	if s.stats.EncodeTime == 0 {
		s.stats.EncodeTime = took
	}
	s.stats.EncodeTime += (took - s.stats.EncodeTime) / 16
	s.rate.add(time.Now())
}
