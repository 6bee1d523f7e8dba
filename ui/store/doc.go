// Package store keeps what outlives the program: the history of calls, the
// contacts and the settings, in one SQLite file.
//
// # Memory leads, the file follows
//
// Everything is small (5,000 calls, 10,000 contacts), so it is held in memory
// and every question is answered from there. A change is made in memory, then
// written in one transaction that is on the disk when the method returns nil.
// Where the disk fails, the method returns an *engine.Problem, the change stays
// in memory, and the next change tries to write both. So a full disk never
// stops a call, and nothing is lost once there is room again.
//
// # The file
//
// It runs in WAL mode with synchronous=FULL: a crash or a power cut loses
// nothing that was acknowledged. One process owns it, by SQLite's exclusive
// lock; a second one is told so and goes on in memory, as it does with a disk
// that cannot be written and with a file of a newer version of the program. A
// damaged file is set aside under another name, and what could still be read
// is kept in a new one.
//
// # Secrets
//
// No password or token belongs here: the file is plain, and people copy it.
// Secrets are kept in the system's keyring alone.
//
// # Threads
//
// Every method may be called from any goroutine. Reads wait for no disk;
// writes wait for one transaction at a time.
package store
