package device

import (
	"math"
	"time"

	"tring/engine/internal/i420"
)

// pattern draws the test picture. What stands still is drawn once; a picture
// is a copy of that and what moves.
type pattern struct {
	width, height int
	still         *i420.Picture
	clock         *digits
	clockX        int // upper left of the clock, even
	clockY        int
	ball          ball
	progress      bar
}

// newPattern lays the picture out for a size, all lengths in parts of it.
func newPattern(width, height int) *pattern {
	w, h := float64(width), float64(height)
	code := float64(codeHeight(width))
	free := h - code // above the time code
	margin := math.Min(w, h) * 0.06

	canvas := newCanvas(width, height)
	canvas.backdrop()

	// Colour bars, and grey steps below them.
	barsTop, barsBottom := margin, free*0.50
	canvas.row(box{margin, barsTop, w - margin, barsBottom}, colourBars[:], margin*0.24, margin*0.40)
	stepsTop := barsBottom + margin*0.30
	stepsBottom := stepsTop + free*0.055
	canvas.row(box{margin, stepsTop, w - margin, stepsBottom}, greySteps(), margin*0.24, margin*0.20)

	// Label and clock in the lower half.
	p := &pattern{width: width, height: height}
	label := newLabel("TRING TEST", h*0.042)
	p.clock = newDigits(math.Min(free*0.17, w*0.105))
	thick := math.Max(2, h*0.012)
	// What stands below the steps, evenly spaced.
	gap := (free - stepsBottom - float64(label.height+p.clock.height) - thick) / 4.2
	labelY := stepsBottom + gap*1.1
	canvas.text(label, (w-float64(label.width))/2, labelY, rgb{0.62, 0.70, 0.92})
	p.clockX = even((width - p.clock.cell*len(clockFormat)) / 2)
	p.clockY = even(int(labelY + float64(label.height) + gap))

	// The bar below the clock fills once a second.
	barY := float64(p.clockY+p.clock.height) + gap*0.8
	half := float64(p.clock.cell*len(clockFormat)) / 2 * 0.96
	track := box{w/2 - half, barY, w/2 + half, barY + thick}
	canvas.rounded(track, thick/2, rgb{0.23, 0.28, 0.46})
	p.progress = newBar(track, accent)

	radius := free * 0.085
	p.ball = ball{
		radius: radius,
		centre: w / 2, swing: w/2 - margin - radius*1.3,
		floor: barsBottom - radius*1.12, jump: barsBottom - barsTop - radius*2.24,
	}
	p.still = canvas.picture()
	return p
}

func even(n int) int { return n &^ 1 }

// draw makes p the picture of the moment at, shown in at's time zone.
func (t *pattern) draw(p *i420.Picture, at time.Time) {
	copy(p.Y, t.still.Y)
	copy(p.Cb, t.still.Cb)
	copy(p.Cr, t.still.Cr)
	t.ball.draw(p, at)
	t.progress.draw(p, float64(at.Nanosecond())/1e9)
	var room [2 * len(clockFormat)]byte // formatting needs more than the text
	text := at.AppendFormat(room[:0], clockFormat)
	const seconds = len("15:04:05")
	t.clock.draw(p, t.clockX, t.clockY, text[:seconds], codeWhite)
	t.clock.draw(p, t.clockX+seconds*t.clock.cell, t.clockY, text[seconds:], 160)
	drawTimeCode(p, stamp(at))
}

// clockFormat is hours, minutes, seconds, milliseconds.
const clockFormat = "15:04:05.000"

// accent is the colour of what moves.
var accent = rgb{1.00, 0.62, 0.26}

// colourBars follow the order of the classic bars in friendlier shades.
var colourBars = [...]rgb{
	{0.88, 0.90, 0.95},
	{0.96, 0.80, 0.27},
	{0.26, 0.78, 0.82},
	{0.35, 0.78, 0.43},
	{0.76, 0.40, 0.82},
	{0.91, 0.31, 0.36},
	{0.28, 0.41, 0.90},
}

func greySteps() []rgb {
	steps := make([]rgb, 11)
	for i := range steps {
		v := float64(i) / float64(len(steps)-1)
		steps[i] = rgb{v, v, v}
	}
	return steps
}

// ball bounces to and fro in front of the colour bars.
type ball struct {
	radius        float64
	centre, swing float64 // across
	floor, jump   float64 // of its centre; the floor is the lowest
}

// position is the ball's centre at a moment: across in 7 s, up and down in
// 1.4 s, as a thrown ball would fly.
func (b ball) position(at time.Time) (x, y float64) {
	seconds := float64(at.UnixMilli()%7000) / 1000
	x = b.centre + b.swing*math.Sin(2*math.Pi*seconds/7)
	flight := math.Mod(seconds, 1.4)/0.7 - 1 // -1 to 1
	y = b.floor - b.jump*(1-flight*flight)
	return x, y
}

// draw blends a shaded sphere with a light rim over the picture.
func (b ball) draw(p *i420.Picture, at time.Time) {
	cx, cy := b.position(at)
	rim := math.Max(1, b.radius*0.10)
	outer := b.radius + rim
	dark, light, edge := yuv(rgb{0.86, 0.34, 0.16}), yuv(rgb{1, 0.78, 0.42}), yuv(rgb{0.97, 0.97, 1})

	inner, bound := math.Max(0, b.radius-2), outer+2
	scale := 1 / (b.radius * b.radius * 2)

	// shade gives colour and opacity at a point; grain is the pixel's size.
	shade := func(x, y, grain float64) (c colour, alpha float32) {
		dx, dy := x-cx, y-cy
		d2 := dx*dx + dy*dy
		if d2 >= bound*bound {
			return edge, 0
		}
		hx, hy := dx+b.radius*0.35, dy+b.radius*0.40
		c = dark.mix(light, float32(max(0, 1-(hx*hx+hy*hy)*scale)))
		if d2 < inner*inner {
			return c, 1
		}
		d := math.Sqrt(d2)
		return c.mix(edge, 1-cover(b.radius-d, grain)), cover(outer-d, grain)
	}
	left, top := max(0, int(cx-outer)-1), max(0, int(cy-outer)-1)
	right, bottom := min(p.Width(), int(cx+outer)+2), min(p.Height(), int(cy+outer)+2)
	for y := top; y < bottom; y++ {
		row := p.Y[y*p.YStride : y*p.YStride+p.Width()]
		for x := left; x < right; x++ {
			if c, alpha := shade(float64(x)+0.5, float64(y)+0.5, 1); alpha > 0 {
				row[x] = over(row[x], c.y, alpha)
			}
		}
	}
	for y := top / 2; y < (bottom+1)/2; y++ {
		cb, cr := p.Cb[y*p.CStride:], p.Cr[y*p.CStride:]
		for x := left / 2; x < (right+1)/2; x++ {
			if c, alpha := shade(float64(2*x)+1, float64(2*y)+1, 2); alpha > 0 {
				cb[x], cr[x] = over(cb[x], c.cb, alpha), over(cr[x], c.cr, alpha)
			}
		}
	}
}

// bar fills from the left. Its ends are round, as the track under it is.
type bar struct {
	left, top, right, bottom int // even
	inset                    []int
	colour                   colour
}

func newBar(b box, c rgb) bar {
	top := int(math.Round(b.top))
	t := bar{left: even(int(b.left)), top: top, right: even(int(b.right)), bottom: max(top+1, int(math.Round(b.bottom))), colour: yuv(c)}
	radius := float64(t.bottom-t.top) / 2
	for y := range t.bottom - t.top {
		dy := float64(y) + 0.5 - radius
		t.inset = append(t.inset, int(math.Round(radius-math.Sqrt(radius*radius-dy*dy))))
	}
	return t
}

// draw fills a part (0–1) of the bar.
func (b bar) draw(p *i420.Picture, part float64) {
	right := min(p.Width(), b.left+int(float64(b.right-b.left)*part))
	for i, inset := range b.inset {
		y := b.top + i
		if y >= p.Height() || b.left+inset >= right-inset {
			continue
		}
		fill(p.Y[y*p.YStride+b.left+inset:y*p.YStride+right-inset], byte(b.colour.y))
		at := y / 2 * p.CStride
		fill(p.Cb[at+(b.left+inset+1)/2:at+(right-inset+1)/2], byte(b.colour.cb))
		fill(p.Cr[at+(b.left+inset+1)/2:at+(right-inset+1)/2], byte(b.colour.cr))
	}
}
