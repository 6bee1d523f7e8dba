// A page on the SDK, with the steps of the "Voice and Video Calls" quickstart:
// log in, subscribe, call or answer, render on call:stateChange. The tests act
// through phone, as a person would through buttons.
'use strict'

window.events = []
const note = (name, params) => {
  const line = { name, ...params }
  window.events.push(line)
  document.getElementById('messages').append(JSON.stringify(line) + '\n')
}

let client
let current // the id of the call that began last
const made = [] // the ids of all of them

const render = id => {
  const call = client.call.getById(id)
  if (!call || !call.localTracks) return
  const videos = call.localTracks.filter(t => (client.media.getTrackById(t) || {}).kind === 'video')
  if (videos.length) client.media.renderTracks(videos, '#local-container')
  if (call.remoteTracks && call.remoteTracks.length) client.media.renderTracks(call.remoteTracks, '#remote-container')
}

const create = (host, correlator) => {
  const [base, port] = host.split(':')
  client = window.Kandy.create({
    authentication: {
      server: { protocol: 'https', base, port, version: 'v1' },
      clientCorrelator: correlator
    },
    call: { iceServers: [], defaultPeerConfig: { iceServers: [] }, serverTurnCredentials: true },
    logs: { logLevel: 'warn' }
  })
  client.on('subscription:change', () => note('subscription:change', client.services.getSubscriptions()))
  client.on('subscription:error', p => note('subscription:error', { message: String((p.error || {}).message) }))
  client.on('call:start', p => note('call:start', { id: p.callId }))
  client.on('call:receive', p => {
    current = p.callId
    made.push(current)
    note('call:receive', { id: p.callId })
  })
  client.on('call:stateChange', p => {
    const call = client.call.getById(p.callId)
    note('call:stateChange', { id: p.callId, from: p.previous.state, state: call.state, localHold: call.localHold, remoteHold: call.remoteHold, error: p.error && p.error.message })
    if (call.state === 'Ringing') window.moments.ringing = window.moments.ringing || performance.now()
    if (call.state === 'Connected' && !window.phone.video) window.hark()
    render(p.callId)
  })
  client.on('call:operation', p => {
    note('call:operation', { operation: p.operation, transition: p.transition, local: p.isLocal, error: p.error && p.error.message })
    render(p.callId)
  })
  for (const name of ['call:newTrack', 'call:trackEnded', 'call:tracksAdded', 'call:tracksRemoved']) {
    try {
      client.on(name, p => { note(name, { local: p.local }); render(p.callId) })
    } catch (e) { /* an SDK knows two of the four */ }
  }
}

const logIn = async ({ host, clientId, user, password, correlator }) => {
  create(host, correlator)
  const reply = await fetch(`https://${host}/cpaas/auth/v1/token`, {
    method: 'POST',
    body: new URLSearchParams({ client_id: clientId, username: user, password, grant_type: 'password', scope: 'openid' })
  })
  if (!reply.ok) throw new Error('log-in: ' + reply.status)
  const tokens = await reply.json()
  client.setTokens({ accessToken: tokens.access_token, idToken: tokens.id_token })
  client.services.subscribe(['call'], 'websocket')
  await window.until(() => {
    const s = client.services.getSubscriptions()
    return !s.isPending && s.subscribed.includes('call')
  }, 15000)
}

window.phone = {
  video: false, // whether this call is to bring pictures
  expect (video) { this.video = video },
  logIn,
  make (to, video) {
    this.video = video
    window.moments = { made: performance.now() }
    current = client.call.make(to, { audio: true, video })
    made.push(current)
  },
  answer (video, brings) {
    this.video = brings
    window.moments.answered = performance.now()
    client.call.answer(current, { audio: true, video })
  },
  reject: () => client.call.reject(current),
  end: () => client.call.end(current),
  hold: async () => await window.unhurried() || client.call.hold(current),
  unhold: async () => await window.unhurried() || client.call.unhold(current),
  addVideo: async () => await window.unhurried() || client.call.addMedia(current, { audio: false, video: true }),
  removeVideo: async () => await window.unhurried() || client.call.removeMedia(current,
    client.call.getById(current).localTracks.filter(t => client.media.getTrackById(t).kind === 'video')),
  // What the SDK has since 5.0 only.
  restart: () => client.call.restartMedia(current),
  transfer: to => client.call.directTransfer(current, to),
  join: () => client.call.consultativeTransfer(made[made.length - 2], current),
  refused: () => window.events.filter(e => e.name === 'call:operation' && e.error).length,
  dtmf: digits => client.call.sendDTMF(current, digits),
  calls: () => made.map(id => (client.call.getById(id) || {}).state),
  call: () => {
    const c = current && client.call.getById(current)
    return c ? { state: c.state, localHold: c.localHold, remoteHold: c.remoteHold } : { state: '' }
  }
}
