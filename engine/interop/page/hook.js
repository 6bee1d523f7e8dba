// Loaded before anything that calls: keeps every RTCPeerConnection, and notes
// what the notification channel brought, for the tests.
'use strict'

// unhurried waits for a moment at which an operation of either side may begin.
// The SDK 4.9.0 leaves a timer behind that fires 3 s after a description whose
// candidates had to be gathered; an operation that is then being prepared, or an
// answer, sends the description before it a second time.
const described = [] // when, by the page's clock
window.unhurried = async () => {
  if (!window.Kandy) return
  const close = t => { const age = performance.now() - t; return age > 2200 && age < 3400 }
  while (described.some(close)) await new Promise(resolve => setTimeout(resolve, 50))
}

// forceRelay, once set to an RTCIceServer, sends all media through that relay.
window.forceRelay = null
const configured = config => window.forceRelay
  ? { ...config, iceServers: [window.forceRelay], iceTransportPolicy: 'relay' }
  : config

window.peers = []
window.trail = [] // what the SDK did with them, for people who look into a failure
const mark = text => window.trail.push(`${(performance.now() / 1000).toFixed(3)} ${text}`)
const origin = d => d && d.sdp ? `${d.type} ${d.sdp.match(/^o=.*/m)} ${d.sdp.match(/^a=(sendrecv|sendonly|recvonly|inactive)/mg)}` : ''
window.RTCPeerConnection = class extends window.RTCPeerConnection {
  constructor (config, ...rest) {
    super(configured(config), ...rest)
    const number = window.peers.push(this)
    this.addEventListener('track', e => firstOf(e.track))
    for (const type of ['icegatheringstatechange', 'signalingstatechange', 'connectionstatechange', 'negotiationneeded']) {
      this.addEventListener(type, () => mark(`${number} ${type} ${this.iceGatheringState} ${this.signalingState} ${this.connectionState}`))
    }
    for (const name of ['setLocalDescription', 'setRemoteDescription']) {
      const original = this[name]
      this[name] = async (...values) => {
        mark(`${number} ${name} ${origin(values[0])}`)
        try {
          return await original.apply(this, values)
        } finally {
          if (name === 'setLocalDescription') described.push(performance.now())
          mark(`${number} ${name} done: ${origin(this.localDescription)}`)
        }
      }
    }
  }
}

window.wire = []
window.WebSocket = class extends window.WebSocket {
  constructor (...args) {
    super(...args)
    this.addEventListener('message', e => {
      window.wire.push(e.data)
      if (e.data.includes('wrtcsSessionInvitationNotification')) window.moments = {}
      if (e.data.includes('wrtcsAcceptanceNotification')) window.moments.accepted = performance.now()
    })
  }
}

// until resolves when check gives something true, and rejects after ms.
window.until = async (check, ms) => {
  const end = performance.now() + ms
  for (;;) {
    const value = check()
    if (value) return value
    if (performance.now() > end) throw new Error('waited in vain for ' + check)
    await new Promise(resolve => setTimeout(resolve, 20))
  }
}

// Elements that play what is received: Chromium counts the energy of sound only
// where it is played, and one that was attached before a hold stays silent.
let ears = []
window.listen = () => {
  for (const ear of ears) {
    ear.pause()
    ear.srcObject = null
  }
  ears = []
  for (const peer of window.peers) {
    if (peer.connectionState === 'closed') continue
    for (const r of peer.getReceivers()) {
      if (r.track.kind !== 'audio' || r.track.readyState !== 'live') continue
      const ear = new Audio()
      ear.srcObject = new MediaStream([r.track])
      ear.play().catch(() => {})
      ears.push(ear)
    }
  }
}

// figures adds up what the live PeerConnections count.
window.figures = async () => {
  const sum = { frames: 0, energy: 0, sentFrames: 0, audioPackets: 0, transports: 0, width: 0, height: 0, reason: '' }
  for (const peer of window.peers) {
    if (peer.connectionState === 'closed') continue
    for (const s of (await peer.getStats()).values()) {
      if (s.type === 'transport' && s.dtlsState === 'connected') sum.transports++
      if (s.type === 'inbound-rtp' && s.kind === 'video') {
        sum.frames += s.framesDecoded || 0
        sum.width = s.frameWidth || sum.width
        sum.height = s.frameHeight || sum.height
      }
      if (s.type === 'inbound-rtp' && s.kind === 'audio') {
        sum.energy += s.totalAudioEnergy || 0
        sum.audioPackets += s.packetsReceived || 0
      }
      if (s.type === 'outbound-rtp' && s.kind === 'video') {
        sum.sentFrames += s.framesEncoded || 0
        sum.reason = s.qualityLimitationReason || ''
      }
    }
  }
  return sum
}

// moments are when things happened in the call that began last, by the page's
// clock in ms: made and answered (a person's clicks), ringing and accepted
// (what the notification channel told), picture and sound (the first that was
// decoded).
window.moments = {}

// firstOf notes the first picture of a track.
const processors = new Set() // lest one is collected while it is waited for
const firstOf = async track => {
  if (track.kind !== 'video') return
  const call = window.moments
  const processor = new MediaStreamTrackProcessor({ track })
  processors.add(processor)
  const reader = processor.readable.getReader()
  const { value } = await reader.read()
  if (value) {
    call.picture = call.picture || performance.now()
    value.close()
  }
  await reader.cancel()
  processors.delete(processor)
}

// hark notes the first sound of the call that began last. Chromium tells its
// energy, which it counts anew some 20 times a second.
window.hark = async () => {
  const call = window.moments
  window.listen()
  for (const end = performance.now() + 15000; !call.sound && performance.now() < end;) {
    if ((await window.figures()).energy > 0) call.sound = performance.now()
    else await new Promise(resolve => setTimeout(resolve, 10))
  }
}

// hears tells whether the two frequencies of a touch tone are in what is
// received within ms. RFC 4733 events are played by the browser as tones.
window.hears = async (low, high, ms) => {
  const context = new AudioContext()
  const analyser = context.createAnalyser()
  analyser.fftSize = 2048
  for (const peer of window.peers) {
    if (peer.connectionState === 'closed') continue
    for (const r of peer.getReceivers()) {
      if (r.track.kind === 'audio') context.createMediaStreamSource(new MediaStream([r.track])).connect(analyser)
    }
  }
  await context.resume()
  const bins = new Float32Array(analyser.frequencyBinCount)
  const bin = f => Math.round(f * analyser.fftSize / context.sampleRate)
  const near = f => Math.max(...[-1, 0, 1].map(d => bins[bin(f) + d]))
  const end = performance.now() + ms
  try {
    while (performance.now() < end) {
      analyser.getFloatFrequencyData(bins)
      if (near(low) > -50 && near(high) > -50 && near(low) > near(350) + 15 && near(high) > near(2200) + 15) return true
      await new Promise(resolve => setTimeout(resolve, 10))
    }
    return false
  } finally {
    await context.close()
  }
}

// watched is what a person would see of the remote picture: how far apart the
// pictures are, and how old each is when it is shown, where the far end's
// reports tell when it was captured. All in ms.
window.watched = { shown: 0, longGaps: 0, longest: 0, ages: [] }
window.watch = () => {
  const video = document.querySelector('#remote-container video')
  let last = 0
  const seen = (now, picture) => {
    const w = window.watched
    w.shown++
    if (last) {
      w.longest = Math.max(w.longest, now - last)
      if (now - last > 150) w.longGaps++
    }
    last = now
    if (picture.captureTime) w.ages.push(picture.expectedDisplayTime - picture.captureTime)
    video.requestVideoFrameCallback(seen)
  }
  video.requestVideoFrameCallback(seen)
}

// cap bounds the video that is sent, in bit/s, and keeps its size if asked to.
window.cap = async (bps, keep) => {
  for (const peer of window.peers) {
    for (const sender of peer.getSenders()) {
      if (!sender.track || sender.track.kind !== 'video') continue
      const parameters = sender.getParameters()
      for (const encoding of parameters.encodings) encoding.maxBitrate = bps
      if (keep) parameters.degradationPreference = 'maintain-resolution'
      await sender.setParameters(parameters)
    }
  }
}

// media is what a media measurement needs.
window.media = async () => {
  const sum = { frames: 0, width: 0, concealed: 0, sound: 0, again: 0, target: 0 }
  for (const peer of window.peers) {
    if (peer.connectionState === 'closed') continue
    for (const s of (await peer.getStats()).values()) {
      if (s.type === 'inbound-rtp' && s.kind === 'video') {
        sum.frames += s.framesDecoded || 0
        sum.width = s.frameWidth || sum.width
      }
      if (s.type === 'inbound-rtp' && s.kind === 'audio') {
        sum.concealed += ((s.concealedSamples || 0) - (s.silentConcealedSamples || 0)) / 48
        sum.sound += (s.totalSamplesReceived || 0) / 48
      }
      if (s.type === 'outbound-rtp' && s.kind === 'video') {
        sum.again += s.retransmittedPacketsSent || 0
        sum.target = s.targetBitrate || 0
      }
    }
  }
  const { shown, longGaps, longest, ages } = window.watched
  return { ...sum, shown, longGaps, longest, ages: ages.splice(0) }
}
