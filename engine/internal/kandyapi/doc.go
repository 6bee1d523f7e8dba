// Package kandyapi holds the wire types and paths of the Kandy CPaaS services
// that Tring speaks, shared by the client (engine/internal/kandy) and the
// server (engine/switchboard). Field names follow the JSON; every body has
// exactly one top-level key, which names the object.
//
// The types decode what the other side may leave out: absent strings are "",
// absent objects nil. They validate nothing.
package kandyapi
