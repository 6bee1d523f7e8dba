// A plain C interface to one instance of the WebRTC audio processing module,
// for 48 kHz mono in blocks of 480 floats within [-1, 1]. Functions that return
// int give 0 or an error code of the module. No function throws.
#ifndef TRING_APM_SHIM_H
#define TRING_APM_SHIM_H

#ifdef __cplusplus
extern "C" {
#endif

typedef struct tring_apm tring_apm;

// tring_apm_new makes an instance in which nothing is enabled; NULL for want of
// memory.
tring_apm *tring_apm_new(void);
void tring_apm_free(tring_apm *apm);

// tring_apm_set enables what is not 0.
int tring_apm_set(tring_apm *apm, int echo, int noise, int gain);

// tring_apm_suppress says how much residual echo is worth against this end's
// speech: 0 the speech, 2 the echo. Without effect where the canceller decides by
// itself.
int tring_apm_suppress(tring_apm *apm, int level);

// tring_apm_far tells of a block that is about to be played. It is not changed.
int tring_apm_far(tring_apm *apm, const float *pcm);

// tring_apm_near processes a block of the microphone in place. delay_ms is the
// time between the last far block's arrival here and that of its echo, as far as
// it is known.
int tring_apm_near(tring_apm *apm, float *pcm, int delay_ms);

#ifdef __cplusplus
}
#endif

#endif
