// A page without any SDK: the browser's WebRTC and the REST protocol, with all
// media on one transport. It stands in for the SDK where npm cannot be reached.
'use strict'

window.events = []
const note = (name, params) => {
  window.events.push({ name, ...params })
  document.getElementById('messages').append(JSON.stringify({ name, ...params }) + '\n')
}

const account = {} // host, user, token, correlator
let call = null // the call that began last

const request = async (method, path, body) => {
  const reply = await fetch(`https://${account.host}${path}`, {
    method,
    headers: { Authorization: `Bearer ${account.token}`, 'Content-Type': 'application/json', Accept: 'application/json' },
    body: body && JSON.stringify(body)
  })
  if (!reply.ok) throw new Error(`${method} ${path}: ${reply.status}`)
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

const enter = state => {
  note('call:stateChange', { from: call.state, state, localHold: call.localHold, remoteHold: call.remoteHold })
  call.state = state
  if (state === 'Connected' && window.firstMedia === null) {
    window.firstMedia = 0
    window.watchFirst(window.phone.video ? 'video' : 'audio')
  }
  if (state === 'Ended' || state === 'Cancelled') {
    call.peer.close()
    for (const track of call.tracks) track.stop()
  }
}
const settled = () => enter(call.localHold || call.remoteHold ? 'On Hold' : 'Connected')

const begin = session => {
  const peer = new RTCPeerConnection({ bundlePolicy: 'balanced' })
  call = { peer, session, state: 'Initiating', localHold: false, remoteHold: false, tracks: [], offer: null, wanted: new Map() }
  peer.ontrack = e => {
    const element = document.createElement(e.track.kind)
    element.autoplay = true
    element.srcObject = new MediaStream([e.track])
    document.getElementById('remote-container').append(element)
  }
}

const open = async (audio, video) => {
  const stream = await navigator.mediaDevices.getUserMedia({ audio, video })
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
const describe = async () => {
  const peer = call.peer
  await peer.setLocalDescription()
  if (peer.iceGatheringState !== 'complete') {
    await new Promise(resolve => peer.addEventListener('icegatheringstatechange', () => peer.iceGatheringState === 'complete' && resolve()))
  }
  return peer.localDescription.sdp
}

const takeOffer = async sdp => {
  await call.peer.setRemoteDescription({ type: 'offer', sdp })
  const lines = sdp.split('\r\n')
  call.remoteHold = lines.includes('a=inactive') && !lines.some(l => ['a=sendrecv', 'a=sendonly', 'a=recvonly'].includes(l))
}
const sendAnswer = async () => request('PUT', call.session + '/answer', { wrtcsAnswer: named({ sdp: await describe() }) })
const update = async () => request('PUT', call.session + '/update', { wrtcsOffer: named({ sdp: await describe() }) })

const notified = async message => {
  const [key] = Object.keys(message)
  const content = message[key]
  if (key === 'wrtcsSessionInvitationNotification') {
    begin(content.link[0].href)
    call.offer = content.offer.sdp
    note('call:receive', {})
    await request('PUT', call.session + '/status', { wrtcsSessionStatus: named({ status: 'Ringing' }) })
    enter('Ringing')
    return
  }
  if (!content.link || !call || content.link[0].href !== call.session) return
  switch (key) {
    case 'wrtcsEventNotification':
      if (content.eventType === 'Ringing') enter('Ringing')
      if (content.eventType === 'SessionEnded') enter('Ended')
      if (content.eventType === 'Cancelled') enter('Cancelled')
      break
    case 'wrtcsAcceptanceNotification':
    case 'wrtcsAnswerNotification':
      await call.peer.setRemoteDescription({ type: 'answer', sdp: content.answer.sdp })
      settled()
      break
    case 'wrtcsOfferNotification':
      await takeOffer(content.offer.sdp)
      await sendAnswer()
      settled()
  }
}

window.phone = {
  video: false, // whether this call is to bring pictures
  expect (video) { this.video = video },
  logIn,
  async make (to, video) {
    this.video = video
    begin('')
    await open(true, video)
    const reply = await request('POST', service('webrtcsignaling', 'sessions'), {
      wrtcsSession: named({ tParticipantAddress: 'sip:' + to, offer: { sdp: await describe() } })
    })
    call.session = reply.wrtcsSession.resourceURL
    enter('Initiated')
  },
  async answer (video, brings) {
    this.video = brings
    await takeOffer(call.offer)
    await open(true, video)
    await sendAnswer()
    settled()
  },
  async end () {
    await request('DELETE', call.session)
    enter('Ended')
  },
  reject () { return this.end() },
  async hold () {
    call.localHold = true
    for (const t of call.peer.getTransceivers()) {
      call.wanted.set(t, t.direction)
      t.direction = 'inactive'
    }
    await update()
  },
  async unhold () {
    call.localHold = false
    for (const t of call.peer.getTransceivers()) t.direction = call.wanted.get(t) || 'sendrecv'
    await update()
  },
  async addVideo () {
    await open(false, true)
    await update()
  },
  async removeVideo () {
    for (const t of call.peer.getTransceivers()) {
      if (!t.sender.track || t.sender.track.kind !== 'video') continue
      t.sender.track.stop()
      await t.sender.replaceTrack(null)
      t.direction = 'recvonly'
    }
    await update()
  },
  async restart () {
    call.peer.restartIce()
    await update()
  },
  dtmf: digits => call.peer.getSenders().find(s => s.dtmf).dtmf.insertDTMF(digits, 100, 70),
  call: () => call ? { state: call.state, localHold: call.localHold, remoteHold: call.remoteHold } : { state: '' }
}
