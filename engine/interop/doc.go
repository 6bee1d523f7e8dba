// Package interop proves that Tring and real web pages understand one another.
// It holds tests alone: they start Tring's own program without a window, a
// switchboard with TLS, and pages in a headless Chromium, and make them call
// each other.
//
//	make test-interop              every scenario with every page
//	make test-interop SET=short    each kind of scenario once; part of make test
//
// It ends with two tables: a row for each scenario with what flowed, and how
// long setting calls up takes between Trings, between pages, and mixed.
//
// The pages run the published JavaScript SDK of the quickstart, fetched from
// npm when the tests run, and a small client of our own on the browser's
// WebRTC (page/plain.js), which bundles as newer SDKs do or, split, does not.
// Where npm cannot be reached the suite says so and plays with our own alone.
// What a page cannot do is a row that says so. Set in the environment:
//
//	TRING_INTEROP_SDK       more builds of the SDK, as files, separated by commas
//	TRING_INTEROP_CHROMIUM  the browser
//	TRING_INTEROP_BIN       where tring is; bin otherwise
//	TRING_INTEROP_CACHE     where fetched SDKs are kept; .cache/interop otherwise
//	TRING_INTEROP_CORPUS    see TestCorpus, which writes samples of SDP
//
// # Finding the way
//
//	interop_test.go      which build is put through which scenario
//	basic_test.go        answered, rejected, cancelled, answered elsewhere
//	midcall_test.go      hold, video added and removed, DTMF, unbundled offers
//	glare_test.go        offers that meet; race_test.go makes them
//	transfer_test.go     transfers and forwarding, Tring in every role
//	path_test.go         loss, lost paths and ICE restarts, TURN
//	media_test.go        make bench-media: Trings and pages measured side by side
//	setup_test.go        how long setting a call up takes
//	flow_test.go         what flows: frames and sound in both directions
//	exchange_test.go     the switchboard and the pages on one TLS address
//	middle_test.go       a network of our own between the media of both sides
//	relay_test.go        TURN credentials for the page
//	tring_test.go        a headless Tring
//	page_test.go         a page: what a person would click in it
//	chromium_test.go     the browser; cdp_test.go speaks to it
//	sdk_test.go          where the SDK comes from; what each build can do
//	table_test.go        the results
//	corpus_test.go       samples of SDP; anonymous_test.go takes names out of them
//
// Nothing stays behind, however a run ends: the browser ends when its pipe
// closes, a shell that waits for it removes the run's folder, and Trings end
// with their input.
//
// Without TRING_INTEROP=1 nothing is started.
package interop
