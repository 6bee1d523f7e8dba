package codec

/*
#include <stdlib.h>
#ifdef __GLIBC__
#include <malloc.h>

// glibc gives each thread memory of its own to allocate from, up to eight for
// each processor, and each keeps what it once had. libvpx asks for 28 MB an
// encoder, on a thread that is new with each, and a new encoder is made with each
// change of size: a call grew to 420 MB so. Two are enough for the few that
// allocate. What has several megabytes, as a picture on its way to the screen,
// comes from there, too, rather than from the system each time.
//
// Said before there is any thread: Go's own have six by the time that Go code is
// first run, and those stay.
__attribute__((constructor)) static void tring_calm_memory(void) {
	mallopt(M_ARENA_MAX, 2);
	mallopt(M_MMAP_THRESHOLD, 8 << 20);
	mallopt(M_TRIM_THRESHOLD, 16 << 20);
}
#endif

static void tring_trim_memory(void) {
#ifdef __GLIBC__
	malloc_trim(0);
#endif
}
*/
import "C"

// trimMemory gives the system back what is free: after an encoder or a decoder
// that is tens of megabytes, which would otherwise stay until the next one.
func trimMemory() { C.tring_trim_memory() }
