//go:build cgo && !noapm

// TRING_APM is the generation of the library: 0 for 0.x, 1 and 2 for those with
// AEC3. Its C++ interface changed completely between 0 and 1, hardly since.

#include "shim.h"

#include <new>

#if TRING_APM == 0
#include <webrtc/modules/audio_processing/include/audio_processing.h>
#else
#include <modules/audio_processing/include/audio_processing.h>
#endif

namespace {

const int kRate = 48000;
const size_t kBlock = kRate / 100;

}  // namespace

#if TRING_APM == 0

struct tring_apm {
  webrtc::AudioProcessing* module;
};

// The canceller finds the delay by itself (DelayAgnostic) and covers 128 ms of
// room in place of 48 (ExtendedFilter): no sound system reports a delay that can
// be relied on.
tring_apm* tring_apm_new(void) {
  tring_apm* apm = new (std::nothrow) tring_apm;
  if (apm == nullptr) return nullptr;
  webrtc::Config config;
  config.Set<webrtc::ExtendedFilter>(new webrtc::ExtendedFilter(true));
  config.Set<webrtc::DelayAgnostic>(new webrtc::DelayAgnostic(false));
  apm->module = webrtc::AudioProcessing::Create(config);
  if (apm->module == nullptr) {
    delete apm;
    return nullptr;
  }
  const webrtc::StreamConfig mono(kRate, 1);
  webrtc::ProcessingConfig streams;
  for (int i = 0; i < webrtc::ProcessingConfig::kNumStreamNames; i++) streams.streams[i] = mono;
  if (apm->module->Initialize(streams) != 0) {
    delete apm->module;
    delete apm;
    return nullptr;
  }
  return apm;
}

void tring_apm_free(tring_apm* apm) {
  if (apm == nullptr) return;
  delete apm->module;
  delete apm;
}

int tring_apm_set(tring_apm* apm, int echo, int noise, int gain) {
  webrtc::AudioProcessing* m = apm->module;
  int err = m->high_pass_filter()->Enable(echo || noise);
  m->echo_cancellation()->set_suppression_level(webrtc::EchoCancellation::kModerateSuppression);
  err = err ? err : m->echo_cancellation()->Enable(echo != 0);
  m->noise_suppression()->set_level(webrtc::NoiseSuppression::kModerate);
  err = err ? err : m->noise_suppression()->Enable(noise != 0);
  m->gain_control()->set_mode(webrtc::GainControl::kAdaptiveDigital);
  return err ? err : m->gain_control()->Enable(gain != 0);
}

int tring_apm_suppress(tring_apm* apm, int level) {
  return apm->module->echo_cancellation()->set_suppression_level(
      level <= 0   ? webrtc::EchoCancellation::kLowSuppression
      : level == 1 ? webrtc::EchoCancellation::kModerateSuppression
                   : webrtc::EchoCancellation::kHighSuppression);
}

int tring_apm_far(tring_apm* apm, const float* pcm) {
  const float* channels[1] = {pcm};
  return apm->module->AnalyzeReverseStream(channels, kBlock, kRate, webrtc::AudioProcessing::kMono);
}

int tring_apm_near(tring_apm* apm, float* pcm, int delay_ms) {
  apm->module->set_stream_delay_ms(delay_ms);
  float* channels[1] = {pcm};
  return apm->module->ProcessStream(channels, kBlock, kRate, webrtc::AudioProcessing::kMono, kRate,
                                    webrtc::AudioProcessing::kMono, channels);
}

#else

struct tring_apm {
  rtc::scoped_refptr<webrtc::AudioProcessing> module;
};

tring_apm* tring_apm_new(void) {
  tring_apm* apm = new (std::nothrow) tring_apm;
  if (apm == nullptr) return nullptr;
  apm->module = webrtc::AudioProcessingBuilder().Create();
  if (apm->module == nullptr) {
    delete apm;
    return nullptr;
  }
  return apm;
}

void tring_apm_free(tring_apm* apm) { delete apm; }

int tring_apm_set(tring_apm* apm, int echo, int noise, int gain) {
  webrtc::AudioProcessing::Config config;
  config.high_pass_filter.enabled = echo || noise;
  config.echo_canceller.enabled = echo != 0;
  config.echo_canceller.mobile_mode = false;
  config.noise_suppression.enabled = noise != 0;
  config.noise_suppression.level = webrtc::AudioProcessing::Config::NoiseSuppression::kModerate;
  config.gain_controller1.enabled = gain != 0;
  config.gain_controller1.mode = webrtc::AudioProcessing::Config::GainController1::kAdaptiveDigital;
  config.gain_controller1.analog_gain_controller.enabled = false;
  config.gain_controller2.enabled = false;
  apm->module->ApplyConfig(config);
  return 0;
}

int tring_apm_suppress(tring_apm*, int) { return 0; }

int tring_apm_far(tring_apm* apm, const float* pcm) {
  const webrtc::StreamConfig mono(kRate, 1);
  const float* channels[1] = {pcm};
  return apm->module->AnalyzeReverseStream(channels, mono);
}

int tring_apm_near(tring_apm* apm, float* pcm, int delay_ms) {
  const webrtc::StreamConfig mono(kRate, 1);
  apm->module->set_stream_delay_ms(delay_ms);
  float* channels[1] = {pcm};
  return apm->module->ProcessStream(channels, mono, mono, channels);
}

#endif
