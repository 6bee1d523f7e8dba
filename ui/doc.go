// Package ui is Tring's window: sign-in, home with history and contacts, calls,
// and the activity log.
//
// # One direction
//
//	engine ─Watch, Events→ presenter (goroutines) ─one post→ window (main goroutine)
//	click, key → controller method → engine call → new Snapshot → …
//
//	engine ─Watch, Events, Stats→ recorder (a goroutine) ─→ store (memory and disk)
//	store ─→ home screen, names of callers;  edits ─recorder.do→ store
//
// The window is a function of the engine's immutable Snapshot and of a small
// state of its own (view, in state.go): which sheet is open, which call was
// last seen ending, what was dismissed. Screens are built once and then told
// what to show; they never ask the engine.
//
// # Where to look
//
//   - run.go: Run, the program's life from first window to last goroutine
//   - presenter.go: the only goroutines; how they reach the main one
//   - recorder.go, recorder_write.go: writes the history, and all else that waits for the disk;
//     receipt.go: how a call went, in numbers; quality.go, quality_fault.go: how
//     it goes, in bars and one sentence that names the side at fault
//   - state.go: from a Snapshot to the screen that is shown
//   - window.go, window_draw.go: the frame around the screens; apply
//   - control.go, control_account.go: everything that a person can ask for
//   - words.go, words_event.go, words_history.go: every sentence that is derived from a state
//   - home.go: the field that finds people, and below it suggestions.go while one
//     types, else recent.go, contacts.go or the keypad; contact_edit.go,
//     contact_files.go, details.go: what is opened from there
//   - signin.go, ring.go, call.go, end.go, log.go, …: one screen each
//   - call_self.go: the small picture, and the bar that hides
//   - banner.go, banner_call.go: strips above the screens: other calls, sharing, a
//     lost server; notes.go, news.go: short messages below, and what they tell
//   - sheet.go: cards over the window; transfer.go, share.go, more.go, help.go: what
//     they hold; settings.go: the one of the settings, with a file for each page;
//     check.go, check_row.go, words_check.go: the check before a call
//
// Packages ui/widgets and ui/theme hold the building blocks and the looks.
package ui
