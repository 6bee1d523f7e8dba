package video

import (
	"fmt"
	"image"
	"image/png"
	"io"

	"tring/engine/internal/i420"
)

// EncodePNG writes a picture as PNG, for snapshots.
func EncodePNG(w io.Writer, p *i420.Picture) error {
	img := image.NewRGBA(image.Rect(0, 0, p.Width(), p.Height()))
	if err := i420.ScaleToRGBA(img.Pix, p.Width(), p.Height(), p, false); err != nil {
		return err
	}
	encoder := png.Encoder{CompressionLevel: png.BestSpeed}
	if err := encoder.Encode(w, img); err != nil {
		return fmt.Errorf("video: write PNG: %w", err)
	}
	return nil
}
