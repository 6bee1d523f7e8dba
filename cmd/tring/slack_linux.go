package main

/*
#include <sys/prctl.h>

enum { slack = 1000000 };

// Said before there is any thread: a new one takes it over from the one that
// makes it. So does a program that is started: on Linux Tring starts none, but for
// a session bus where there is none.
__attribute__((constructor)) static void tring_timer_slack(void) {
	prctl(PR_SET_TIMERSLACK, (unsigned long)slack, 0, 0, 0);
}
*/
import "C"

// timerSlack is how much later than asked for, in nanoseconds, the kernel may end
// a wait, so as to end several at once: prctl(2), PR_SET_TIMERSLACK. Usual are
// 50 µs. Whatever wakes Go up in a call, 100 times for each picture, also wakes
// the watchdog of its scheduler, which then looks each 20 µs and the slack whether
// all is done; with a millisecond that is once or twice. A call takes an eighth
// less processor time so, and the age of its pictures and of its sound stays what
// it was: see ARCHITECTURE.md, "Where the processor goes".
const timerSlack = C.slack
