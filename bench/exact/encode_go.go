// Writes a PNG file with Go's image/png: encode_go LEVEL SOURCE.png OUT.png, with LEVEL one of default, none, fast, best.
package main

import (
	"image/png"
	"log"
	"os"
)

var levels = map[string]png.CompressionLevel{
	"default": png.DefaultCompression,
	"none":    png.NoCompression,
	"fast":    png.BestSpeed,
	"best":    png.BestCompression,
}

func main() {
	source, err := os.Open(os.Args[2])
	if err != nil {
		log.Fatal(err)
	}
	picture, err := png.Decode(source)
	if err != nil {
		log.Fatal(err)
	}
	target, err := os.Create(os.Args[3])
	if err != nil {
		log.Fatal(err)
	}
	encoder := png.Encoder{CompressionLevel: levels[os.Args[1]]}
	if err := encoder.Encode(target, picture); err != nil {
		log.Fatal(err)
	}
	if err := target.Close(); err != nil {
		log.Fatal(err)
	}
}
