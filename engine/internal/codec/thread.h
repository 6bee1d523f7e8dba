#ifndef TRING_THREAD_H
#define TRING_THREAD_H

// A thread that does one job at a time: see thread_unix.go.
typedef struct tring_thread tring_thread;
typedef void (*tring_job)(void *);

// tring_thread_new starts the thread, which writes a byte to done after each
// job; NULL if it cannot.
tring_thread *tring_thread_new(int done);

// tring_thread_post gives it a job; the one before must be done.
void tring_thread_post(tring_thread *, tring_job job, void *arg);

// tring_thread_free ends and joins the thread.
void tring_thread_free(tring_thread *);

#endif
