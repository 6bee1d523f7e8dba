package widgets

import (
	"image"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/test"

	"tring/ui/theme"
)

func TestTile(t *testing.T) {
	tapped, keys, runes := 0, 0, 0
	tile := NewTile("Screen 1", "1920 × 1080", image.NewRGBA(image.Rect(0, 0, 320, 180)), func() { tapped++ })
	tile.OnKey, tile.OnRune = func(*fyne.KeyEvent) { keys++ }, func(rune) { runes++ }
	w := shown(t, tile, 220, 190)
	w.Canvas().Focus(tile)
	tile.MouseIn(nil)
	test.Tap(tile)
	for _, k := range []fyne.KeyName{fyne.KeySpace, fyne.KeyReturn, fyne.KeyEscape} {
		tile.TypedKey(&fyne.KeyEvent{Name: k})
	}
	tile.TypedRune(' ')
	tile.TypedRune('m')
	if tapped != 3 || keys != 1 || runes != 1 {
		t.Errorf("tapped %d, keys %d, runes %d", tapped, keys, runes)
	}
	tile.MouseOut()
	w.Canvas().Unfocus()
	if tile.Cursor() != desktop.PointerCursor || tile.Name() != "Screen 1" {
		t.Error("not a thing to be pressed")
	}
	shown(t, NewTile("no picture", "", nil, nil), 220, 190)
}

func TestTilesFillTheWidth(t *testing.T) {
	var tiles []fyne.CanvasObject
	for range 5 {
		tiles = append(tiles, NewTile("x", "", nil, nil))
	}
	grid := Tiles(10, tiles...)
	height := tiles[0].MinSize().Height
	for width, rows := range map[float32]float32{100: 5, 400: 3, 620: 2, 2000: 1} {
		if got, want := HeightFor(grid, width), rows*(height+10)-10; got != want {
			t.Errorf("in %v it is %v high, want %v", width, got, want)
		}
	}
	grid.Resize(fyne.NewSize(400, 600))
	if right := tiles[1].Position().X + tiles[1].Size().Width; right != 400 {
		t.Errorf("the second column ends at %v", right)
	}
	if HeightFor(Tiles(10), 100) != 0 {
		t.Error("nothing has a height")
	}
}

func TestFold(t *testing.T) {
	a, b := NewText("words").Cut(), NewButton(Neutral, theme.IconPhone, "a button", nil)
	fold := Fold(8, a, b)
	fold.Resize(fyne.NewSize(500, 60))
	if b.Position().X+b.Size().Width != 500 || a.Position().X != 0 {
		t.Error("wide, they are not side by side")
	}
	narrow := b.MinSize().Width + 50
	if HeightFor(fold, narrow) <= HeightFor(fold, 500) {
		t.Error("narrow, nothing is under the other")
	}
	fold.Resize(fyne.NewSize(narrow, 100))
	if b.Position().Y <= a.Position().Y {
		t.Error("narrow, the second is not below")
	}
}

func TestGrip(t *testing.T) {
	g := NewGrip()
	g.Dragged(&fyne.DragEvent{}) // nobody listens yet
	g.DragEnd()
	g.DoubleTapped(nil)
	g.MouseIn(nil)
	if g.Cursor() != desktop.DefaultCursor {
		t.Error("nothing can be dragged")
	}
	var moved fyne.Delta
	dropped, swapped, seen := 0, 0, 0
	g.OnDrag = func(dx, dy float32) { moved.DX += dx; moved.DY += dy }
	g.OnDrop, g.OnDoubleTap, g.OnMove = func() { dropped++ }, func() { swapped++ }, func() { seen++ }
	w := shown(t, g, 100, 100)
	test.Drag(w.Canvas(), fyne.NewPos(10, 10), 5, 7)
	g.DoubleTapped(nil)
	g.MouseIn(nil)
	g.MouseMoved(nil)
	g.MouseOut()
	if moved != fyne.NewDelta(5, 7) || dropped != 1 || swapped != 1 || seen != 2 || g.Cursor() != desktop.PointerCursor {
		t.Errorf("moved %v dropped %d swapped %d seen %d", moved, dropped, swapped, seen)
	}
}

func TestShortWords(t *testing.T) {
	b := NewButton(Stage, theme.IconVideoOff, "Camera off", nil)
	b.Stacked, b.Short = true, "Off"
	hovered := false
	b.OnHover = func() { hovered = true }
	shown(t, b, 200, 60)
	label := func() string { return test.WidgetRenderer(b).(*buttonRenderer).label.Text }
	if label() != "Camera off" {
		t.Errorf("with room it says %q", label())
	}
	b.Resize(fyne.NewSize(50, 60))
	if label() != "Off" {
		t.Errorf("without room it says %q", label())
	}
	b.MouseIn(nil)
	if !hovered || !b.Hovered() {
		t.Error("hovering is not told")
	}
	b.MouseOut()
}
