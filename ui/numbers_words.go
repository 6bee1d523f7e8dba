package ui

import (
	"fmt"
	"strings"
	"time"

	"fyne.io/fyne/v2/lang"

	"tring/engine"
)

// numberLine is a figure of the panel of numbers: what it is, and how it is for
// what comes in and for what goes out. One that only the first has, or that is
// of both, stands alone.
type numberLine struct{ label, in, to string }

// none stands for a figure that there is not.
const none = "–"

// numberLines say how a call is doing, from its last measurements.
func numberLines(past []engine.Stats, c engine.Call, sound engine.SoundState) []numberLine {
	if len(past) == 0 {
		return []numberLine{{in: lang.L("Measuring…")}}
	}
	s := past[len(past)-1]
	name := with{"Name": firstName(c)}
	lines := []numberLine{{"", lang.L("From {{.Name}}", name), lang.L("From you")}}
	add := func(label, in, to string) { lines = append(lines, numberLine{label, in, to}) }
	var audio engine.AudioStats
	if s.Audio != nil {
		audio = *s.Audio
	}
	v := s.Video
	if v != nil {
		add(lang.L("Picture"), pictureSize(v.Inbound.Width, v.Inbound.Height, v.Inbound.FPS), pictureSize(v.Outbound.Width, v.Outbound.Height, v.Outbound.FPS))
		add(lang.L("Picture, bits"), bitRate(v.Inbound.BitrateBPS), bitRate(v.Outbound.BitrateBPS))
	}
	add(lang.L("Sound, bits"), bitRate(audio.Inbound.BitrateBPS), bitRate(audio.Outbound.BitrateBPS))
	if v != nil {
		add(lang.L("Codecs"), codecs(v.Inbound.Codec, audio.Inbound.Codec), codecs(v.Outbound.Codec, audio.Outbound.Codec))
	} else {
		add(lang.L("Codecs"), codecs(audio.Inbound.Codec), codecs(audio.Outbound.Codec))
	}
	if len(past) > 1 {
		m := momentOf(past, c)
		add(lang.L("Lost"), percent(m.lossIn), percent(m.lossOut))
	} else {
		add(lang.L("Lost"), none, none)
	}
	add(lang.L("Jitter"), millis(audio.Inbound.Jitter), "")
	add(lang.L("Sound made up"), seconds(audio.Inbound.Concealed), "")
	if v != nil {
		add(lang.L("Stood still"), stills(v.Inbound.Freezes, v.Inbound.FreezeTime), "")
		add(lang.L("Processing"), lang.L("waits {{.Time}}", with{"Time": millis(v.Inbound.PlayoutDelay)}), lang.L("{{.Time}} a picture", with{"Time": millis(v.Outbound.EncodeTime)}))
		if limit := limitWords(v.Outbound.Limited); limit != "" {
			add(lang.L("Kept small by"), none, limit)
		}
	}
	add(lang.L("Round trip"), millis(s.RoundTrip), "")
	add(lang.L("Path"), routeWords(s), "")
	add(lang.L("Sound processing"), processingWords(sound), "")
	return lines
}

func pictureSize(width, height int, fps float64) string {
	if width == 0 || height == 0 {
		return none
	}
	return lang.L("{{.Width}}×{{.Height}}, {{.Count}}/s", with{"Width": width, "Height": height, "Count": roundFPS(fps)})
}

// bitRate is bits a second: 32 kbit/s, 1.2 Mbit/s.
func bitRate(bps uint64) string {
	if bps >= 1_000_000 {
		return lang.L("{{.Number}} Mbit/s", with{"Number": decimal(float64(bps)/1_000_000, 1)})
	}
	return lang.L("{{.Number}} kbit/s", with{"Number": fmt.Sprint((bps + 500) / 1000)})
}

// millis is a time of some milliseconds; none if it is not known.
func millis(d time.Duration) string {
	if d <= 0 {
		return none
	}
	digits := 0
	if d < 10*time.Millisecond {
		digits = 1
	}
	return lang.L("{{.Number}} ms", with{"Number": decimal(float64(d)/float64(time.Millisecond), digits)})
}

// codecs are names without the prefix of MIME types.
func codecs(names ...string) string {
	var known []string
	for _, name := range names {
		if _, after, is := strings.Cut(name, "/"); is {
			name = after
		}
		if name != "" {
			known = append(known, name)
		}
	}
	if len(known) == 0 {
		return none
	}
	return strings.Join(known, ", ")
}

// stills says how often the picture stood still, and for how long.
func stills(n uint64, sum time.Duration) string {
	if n == 0 {
		return lang.L("never")
	}
	return lang.L("{{.Times}}, {{.Duration}} in all", with{"Times": times(int(n)), "Duration": seconds(sum)})
}

func limitWords(l engine.Limit) string {
	switch l {
	case engine.LimitedByComputer:
		return lang.L("this computer")
	case engine.LimitedByConnection:
		return lang.L("the connection")
	}
	return ""
}

// routeWords say which way packets go.
func routeWords(s engine.Stats) string {
	way := none
	switch s.Transport {
	case "direct":
		way = lang.L("direct")
	case "relay":
		way = lang.L("through a relay")
	}
	if s.Protocol == "" {
		return way
	}
	return way + ", " + strings.ToUpper(s.Protocol)
}

// processingWords say what is done to the microphone's sound.
func processingWords(s engine.SoundState) string {
	var on []string
	if s.Missing == "" {
		if s.Processing.EchoCancellation {
			on = append(on, lang.X("processing.echo", "echo"))
		}
		if s.Processing.NoiseSuppression {
			on = append(on, lang.X("processing.noise", "noise"))
		}
		if s.Processing.AutomaticGain {
			on = append(on, lang.X("processing.level", "level"))
		}
	}
	if len(on) == 0 {
		return lang.X("processing.none", "none")
	}
	return strings.Join(on, ", ")
}
