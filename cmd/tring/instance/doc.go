// Package instance keeps Tring to one window for each configuration directory:
// who starts it a second time brings the first window to the front, and hands it
// a link if there is one.
//
//	instance.lock  held by the first one for as long as it runs: the system lets
//	               go of it whatever way the program ends, so that nothing left
//	               behind by a dead one ever blocks the next
//	instance.json  where the first one listens, and a token
//
// The first one listens on a Unix socket in the user's runtime directory, and
// talks to programs of the same user alone; on Windows on a port of this machine,
// where the token shows that the caller may read the user's files. Either side
// says one line:
//
//	→ {"token":"…","link":"sip:bob@example.com"}
//	← ok, or busy while the window is not there yet or not any more
package instance
