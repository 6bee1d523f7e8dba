// Package interop proves that Tring and real web pages understand one another.
// It holds tests alone: they start Tring's own program without a window, a
// switchboard with TLS, and pages in a headless Chromium, and make them call
// each other.
//
//	make test-interop
//
// The pages run the published JavaScript SDK of the quickstart, fetched from
// npm when the tests run, and a small client of our own on the browser's
// WebRTC (page/plain.js) that bundles as newer SDKs do. TRING_INTEROP_SDK
// names more builds of the SDK as files, separated by commas.
//
//	interop_test.go      which build is put through which scenario; the table
//	basic_test.go        answered, rejected, cancelled, answered elsewhere
//	midcall_test.go      hold, video added and removed, DTMF, ICE restarts
//	flow_test.go         what flows: frames and sound in both directions
//	exchange_test.go     the switchboard and the pages on one TLS address
//	tring_test.go        a headless Tring
//	page_test.go         a page: what a person would click in it
//	chromium_test.go     the browser; cdp_test.go speaks to it
//	sdk_test.go          where the SDK comes from
//
// Without TRING_INTEROP=1 nothing is started.
package interop
