// Package codec turns pictures and sound into VP8 and Opus and back.
//
// VP8 (RFC 6386) is libvpx by cgo, driven for conversation: VP8Params builds an
// encoder behind the codec interfaces of mediadevices, which keeps its bit rate
// within 5 % over any five seconds, VP8Decoder decodes into pooled pictures.
// Neither makes garbage in steady state. VP8Builder chooses between this encoder and the one of
// mediadevices by name. Opus (RFC 6716) is libopus at 48 kHz: OpusEncoder and
// OpusDecoder.
//
// Encoders are fed by this program; decoders are fed by strangers. So every
// decoder looks at the header itself, refuses what is larger than a picture or
// packet can sensibly be, and only then hands it to the C library.
package codec
