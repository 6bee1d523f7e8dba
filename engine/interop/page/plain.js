// A page without any SDK: the browser's WebRTC and the REST protocol. It
// stands in for the SDK where npm cannot be reached, and does what newer builds
// of the SDK do. Unless split, it bundles all media on one transport; split, it
// takes the group out of all that it writes, as older builds do.
'use strict'

window.events = []
const note = (name, params) => {
  window.events.push({ name, ...params })
  document.getElementById('messages').append(JSON.stringify({ name, ...params }) + '\n')
}

const split = new URLSearchParams(location.search).has('split')
const wished = new URLSearchParams(location.search).get('size') // of the camera, 1280x720
const account = {} // host, user, token, correlator
const calls = [] // the one that began last is the last

const request = async (method, path, body) => {
  const reply = await fetch(`https://${account.host}${path}`, {
    method,
    headers: { Authorization: `Bearer ${account.token}`, 'Content-Type': 'application/json', Accept: 'application/json' },
    body: body && JSON.stringify(body)
  })
  if (!reply.ok) throw Object.assign(new Error(`${method} ${path}: ${reply.status}`), { status: reply.status })
  return reply.status === 204 ? {} : reply.json()
}
const service = (name, rest) => `/cpaas/${name}/v1/${account.user}/${rest}`
const named = object => ({ clientCorrelator: account.correlator, ...object })

const logIn = async ({ host, clientId, user, password, correlator }) => {
  const reply = await fetch(`https://${host}/cpaas/auth/v1/token`, {
    method: 'POST',
    body: new URLSearchParams({ client_id: clientId, username: user, password, grant_type: 'password', scope: 'openid' })
  })
  if (!reply.ok) throw new Error('log-in: ' + reply.status)
  const tokens = await reply.json()
  const claims = JSON.parse(atob(tokens.id_token.split('.')[1].replace(/-/g, '+').replace(/_/g, '/')))
  Object.assign(account, { host, correlator, token: tokens.access_token, user: claims.preferred_username })
  const channel = (await request('POST', service('notificationchannel', 'channels'), {
    notificationChannel: named({ channelType: 'Websockets', 'x-connCheckRole': 'client' })
  })).notificationChannel
  const socket = new WebSocket(`wss://${host}${channel.channelData.channelURL}?access_token=${account.token}`)
  const ping = () => socket.send(JSON.stringify({ connCheck: { interval: 30 } }))
  await new Promise((resolve, reject) => { socket.onopen = resolve; socket.onerror = reject })
  socket.onmessage = e => notified(JSON.parse(e.data)).catch(err => note('error', { message: String(err) }))
  ping()
  setInterval(ping, 30000)
  await request('POST', service('webrtcsignaling', 'subscriptions'), {
    wrtcsNotificationSubscription: named({ callbackReference: { notifyURL: channel.callbackURL } })
  })
}

const enter = (call, state) => {
  note('call:stateChange', { from: call.state, state, localHold: call.localHold, remoteHold: call.remoteHold })
  if (state === 'Ringing') window.moments.ringing = window.moments.ringing || performance.now()
  if (state === 'Connected' && call.state !== 'On Hold' && !window.phone.video) window.hark()
  call.state = state
  if (state === 'Ended' || state === 'Cancelled') {
    call.peer.close()
    for (const track of call.tracks) track.stop()
  }
}
const settled = call => enter(call, call.localHold || call.remoteHold ? 'On Hold' : 'Connected')

const begin = session => {
  const call = { session, state: 'Initiating', localHold: false, remoteHold: false, tracks: [], offer: null, wanted: new Map(), turn: Promise.resolve() }
  connect(call)
  calls.push(call)
  return call
}

const connect = call => {
  call.peer = new RTCPeerConnection({ bundlePolicy: 'balanced' })
  call.peer.ontrack = e => {
    const element = document.createElement(e.track.kind)
    element.autoplay = true
    element.srcObject = new MediaStream([e.track])
    document.getElementById('remote-container').append(element)
  }
}

// renew gives the call a new PeerConnection: its other end is another one now.
const renew = call => {
  call.peer.close()
  connect(call)
  call.localHold = call.remoteHold = false
  call.wanted.clear()
  const stream = new MediaStream(call.tracks)
  for (const track of call.tracks.filter(t => t.readyState === 'live')) call.peer.addTrack(track, stream)
}

const open = async (call, audio, video) => {
  const [width, height] = (wished || '').split('x').map(Number)
  const camera = video && wished ? { width: { exact: width }, height: { exact: height }, frameRate: 30 } : video
  const stream = await navigator.mediaDevices.getUserMedia({ audio, video: camera })
  for (const track of stream.getTracks()) {
    call.tracks.push(track)
    const free = call.peer.getTransceivers().find(t => t.receiver.track.kind === track.kind && !t.sender.track && !t.stopped)
    if (free) {
      await free.sender.replaceTrack(track)
      free.direction = 'sendrecv'
    } else {
      call.peer.addTrack(track, stream)
    }
  }
}

// describe makes an offer or answer with all candidates in it.
const describe = async ({ peer }) => {
  const cut = sdp => split ? sdp.replace(/^a=group:BUNDLE.*\r\n/m, '') : sdp
  const made = peer.signalingState === 'have-remote-offer' ? await peer.createAnswer() : await peer.createOffer()
  await peer.setLocalDescription({ type: made.type, sdp: cut(made.sdp) })
  if (peer.iceGatheringState !== 'complete') {
    await new Promise(resolve => peer.addEventListener('icegatheringstatechange', () => peer.iceGatheringState === 'complete' && resolve()))
  }
  return cut(peer.localDescription.sdp)
}

const sessionID = sdp => sdp.match(/^o=\S+ (\S+)/m)[1]

const inactive = sdp => /^a=inactive/m.test(sdp) && !/^a=(sendrecv|sendonly|recvonly)/m.test(sdp)

const takeOffer = async (call, sdp) => {
  const before = call.peer.remoteDescription
  if (before && sessionID(before.sdp) !== sessionID(sdp)) renew(call)
  await call.peer.setRemoteDescription({ type: 'offer', sdp })
  call.remoteHold = inactive(sdp)
}
const sendAnswer = async call => request('PUT', call.session + '/answer', { wrtcsAnswer: named({ sdp: await describe(call) }) })

// inTurn does one thing of a call after the other.
const inTurn = (call, act) => {
  const done = call.turn.then(act)
  call.turn = done.catch(() => {})
  return done
}

// update makes an offer. One that is refused because the other side's came
// first is made again: that offer, when it comes, takes the place of ours.
const update = async call => {
  for (;;) {
    try {
      return await inTurn(call, async () => request('PUT', call.session + '/update', { wrtcsOffer: named({ sdp: await describe(call) }) }))
    } catch (err) {
      if (err.status !== 409) throw err
      note('refused', {})
      await new Promise(resolve => setTimeout(resolve, 500 + 1500 * Math.random()))
    }
  }
}

const offered = (call, offer) => inTurn(call, async () => {
  if (offer.sdp) {
    await takeOffer(call, offer.sdp)
    await sendAnswer(call)
    settled(call)
    return
  }
  renew(call) // we are being transferred: an offer is wanted in place of an answer
  await sendAnswer(call)
})

const notified = async message => {
  const [key] = Object.keys(message)
  const content = message[key]
  if (!content.link) return
  const session = content.link[0].href
  if (key === 'wrtcsSessionInvitationNotification') {
    const call = begin(session)
    call.offer = content.offer.sdp
    note('call:receive', {})
    await request('PUT', session + '/status', { wrtcsSessionStatus: named({ status: 'Ringing' }) })
    enter(call, 'Ringing')
    return
  }
  const find = () => calls.find(c => c.session === session)
  if (!find()) await Promise.allSettled(calls.map(c => c.placed)) // it may have outrun the reply to a request
  const call = find()
  if (!call) return
  switch (key) {
    case 'wrtcsEventNotification':
      if (content.eventType === 'Ringing') enter(call, 'Ringing')
      if (content.eventType === 'SessionEnded') enter(call, 'Ended')
      if (content.eventType === 'Cancelled') enter(call, 'Cancelled')
      break
    case 'wrtcsAcceptanceNotification':
    case 'wrtcsAnswerNotification':
      await call.peer.setRemoteDescription({ type: 'answer', sdp: content.answer.sdp })
      if (!call.localHold) call.remoteHold = inactive(content.answer.sdp) // else it mirrors ours
      settled(call)
      break
    case 'wrtcsOfferNotification':
      await offered(call, content.offer)
  }
}

const newest = () => calls[calls.length - 1]

window.phone = {
  video: false, // whether this call is to bring pictures
  expect (video) { this.video = video },
  logIn,
  async make (to, video) {
    this.video = video
    window.moments = { made: performance.now() }
    const call = begin('')
    await open(call, true, video)
    const wrtcsSession = named({ tParticipantAddress: 'sip:' + to, offer: { sdp: await describe(call) } })
    call.placed = request('POST', service('webrtcsignaling', 'sessions'), { wrtcsSession }).then(reply => {
      call.session = reply.wrtcsSession.resourceURL
      enter(call, 'Initiated')
    })
    await call.placed
  },
  async answer (video, brings) {
    this.video = brings
    window.moments.answered = performance.now()
    const call = newest()
    await takeOffer(call, call.offer)
    await open(call, true, video)
    await sendAnswer(call)
    settled(call)
  },
  async end () {
    await request('DELETE', newest().session)
    enter(newest(), 'Ended')
  },
  reject () { return this.end() },
  async hold () {
    const call = newest()
    call.localHold = true
    for (const t of call.peer.getTransceivers()) {
      call.wanted.set(t, t.direction)
      t.direction = 'inactive'
    }
    await update(call)
  },
  async unhold () {
    const call = newest()
    call.localHold = false
    for (const t of call.peer.getTransceivers()) t.direction = call.wanted.get(t) || 'sendrecv'
    await update(call)
  },
  async addVideo () {
    await open(newest(), false, true)
    await update(newest())
  },
  async removeVideo () {
    for (const t of newest().peer.getTransceivers()) {
      if (!t.sender.track || t.sender.track.kind !== 'video') continue
      t.sender.track.stop()
      await t.sender.replaceTrack(null)
      t.direction = 'recvonly'
    }
    await update(newest())
  },
  async restart () {
    newest().peer.restartIce()
    await update(newest())
  },
  transfer: to => request('PUT', newest().session + '/transfer', { wrtcsTransfer: named({ address: 'sip:' + to }) }),
  // join transfers the far end of the call before the newest to that of the newest.
  join: to => request('PUT', calls[calls.length - 2].session + '/transfer', {
    wrtcsTransfer: named({ address: 'sip:' + to, sessionId: newest().session.split('/').pop() })
  }),
  refused: () => window.events.filter(e => e.name === 'refused').length,
  dtmf: digits => newest().peer.getSenders().find(s => s.dtmf).dtmf.insertDTMF(digits, 100, 70),
  calls: () => calls.map(c => c.state),
  call: () => newest() ? { state: newest().state, localHold: newest().localHold, remoteHold: newest().remoteHold } : { state: '' }
}
