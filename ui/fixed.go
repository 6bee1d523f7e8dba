package ui

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"tring/ui/widgets"
)

// fixedWidth gives o that width wherever it is put.
func fixedWidth(width float32, o fyne.CanvasObject) *fyne.Container {
	return container.New(&fixed{width}, o)
}

type fixed struct{ width float32 }

func (f *fixed) MinSize(objects []fyne.CanvasObject) fyne.Size {
	return fyne.NewSize(f.width, widgets.HeightFor(objects[0], f.width))
}

func (f *fixed) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	objects[0].Move(fyne.NewPos(0, 0))
	objects[0].Resize(size)
}
