//go:build unix

#include "thread.h"

#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <unistd.h>

struct tring_thread {
	pthread_t id;
	pthread_mutex_t mutex;
	pthread_cond_t posted;
	tring_job job; // NULL while there is none
	void *arg;
	int ended;
	int done;
};

static void *run(void *p) {
	tring_thread *t = p;
	for (;;) {
		pthread_mutex_lock(&t->mutex);
		while (!t->job && !t->ended)
			pthread_cond_wait(&t->posted, &t->mutex);
		tring_job job = t->job;
		void *arg = t->arg;
		t->job = NULL;
		pthread_mutex_unlock(&t->mutex);
		if (!job)
			return NULL;
		job(arg);
		while (write(t->done, "", 1) < 0 && errno == EINTR)
			;
	}
}

tring_thread *tring_thread_new(int done) {
	tring_thread *t = calloc(1, sizeof *t);
	if (!t)
		return NULL;
	t->done = done;
	pthread_mutex_init(&t->mutex, NULL);
	pthread_cond_init(&t->posted, NULL);
	// Signals are for the threads that Go knows.
	sigset_t all, before;
	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &before);
	int err = pthread_create(&t->id, NULL, run, t);
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	if (err) {
		pthread_cond_destroy(&t->posted);
		pthread_mutex_destroy(&t->mutex);
		free(t);
		return NULL;
	}
	return t;
}

void tring_thread_post(tring_thread *t, tring_job job, void *arg) {
	pthread_mutex_lock(&t->mutex);
	t->job = job;
	t->arg = arg;
	pthread_cond_signal(&t->posted);
	pthread_mutex_unlock(&t->mutex);
}

void tring_thread_free(tring_thread *t) {
	pthread_mutex_lock(&t->mutex);
	t->ended = 1;
	pthread_cond_signal(&t->posted);
	pthread_mutex_unlock(&t->mutex);
	pthread_join(t->id, NULL);
	pthread_cond_destroy(&t->posted);
	pthread_mutex_destroy(&t->mutex);
	free(t);
}
