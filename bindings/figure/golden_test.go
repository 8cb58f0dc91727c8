package figure

import (
	"image"
	"image/draw"
	"testing"

	"runlua/kernels/golden"
)

// The pixels of a picture are the same on amd64 and arm64, where CI runs this in
// an emulator. The compiler fuses products of the layout there: that could show
// where a line lies on the edge of a pixel.
func TestGoldenPixels(t *testing.T) {
	const want = "93ff3b9a11524e5ab8e6e403ad624a76"
	img := picture(t, calibration())
	pixels := image.NewRGBA(img.Bounds())
	draw.Draw(pixels, pixels.Rect, img, image.Point{}, draw.Src)
	if got := golden.Digest(pixels.Rect.Dx(), pixels.Pix); got != want {
		t.Errorf("the digest of the pixels is %s, want %s: put it here if pictures were meant to change, and look at one", got, want)
	}
}
