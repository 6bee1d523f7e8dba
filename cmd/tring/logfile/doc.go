// Package logfile keeps Tring's log: a file that is rotated, and a slog.Handler
// that takes secrets and full addresses out of every record before it is
// written, so that a log can be handed to somebody else as it is.
//
//	slog.Logger → Handler (level, redaction) → slog.TextHandler → File (rotation)
package logfile
