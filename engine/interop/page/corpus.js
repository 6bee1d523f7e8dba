// Makes offers and answers of many kinds between two PeerConnections of this
// page and sends them to the server, as text for the parsers' tests.
'use strict'

const send = (name, d) => fetch('/sdp/' + name, { method: 'POST', body: d.sdp })

const gathered = async peer => {
  if (peer.iceGatheringState !== 'complete') {
    await new Promise(resolve => peer.addEventListener('icegatheringstatechange', () => peer.iceGatheringState === 'complete' && resolve()))
  }
  return peer.localDescription
}

// exchange has a offer and b answer, and sends both descriptions.
const exchange = async (name, a, b) => {
  await a.setLocalDescription()
  const offer = await gathered(a)
  await send(name + '.offer', offer)
  await b.setRemoteDescription(offer)
  await b.setLocalDescription()
  const answer = await gathered(b)
  await send(name + '.answer', answer)
  await a.setRemoteDescription(answer)
}

const open = async (peer, audio, video) => {
  const stream = await navigator.mediaDevices.getUserMedia({ audio, video })
  for (const track of stream.getTracks()) peer.addTrack(track, stream)
}

const pair = config => [new RTCPeerConnection(config), new RTCPeerConnection(config)]
const direct = (peer, direction) => { for (const t of peer.getTransceivers()) t.direction = direction }

const collect = async () => {
  let [a, b] = pair()
  a.addTransceiver('audio') // before any device was opened, addresses are names
  a.addTransceiver('video')
  await exchange('names', a, b)

  ;[a, b] = pair()
  await open(a, true, true)
  await b.setRemoteDescription({ type: 'offer', sdp: (await a.createOffer()).sdp })
  await open(b, true, true)
  await exchange('video', a, b)
  direct(a, 'inactive')
  await exchange('hold', a, b)
  direct(a, 'sendrecv')
  await exchange('unhold', a, b)
  direct(a, 'sendonly')
  await exchange('sendonly', a, b)
  direct(a, 'sendrecv')
  a.restartIce()
  await exchange('restart', a, b)
  direct(b, 'sendrecv')
  await exchange('back', b, a)

  ;[a, b] = pair()
  await open(a, true, false)
  await exchange('voice', a, b)
  await open(a, false, true)
  await exchange('video-added', a, b)
  a.getTransceivers()[1].stop()
  await exchange('video-stopped', a, b)
  await open(a, false, true)
  await exchange('section-used-again', a, b)

  ;[a, b] = pair({ bundlePolicy: 'max-bundle' })
  a.createDataChannel('data')
  await open(a, true, true)
  await exchange('data-max-bundle', a, b)

  ;[a, b] = pair({ bundlePolicy: 'max-compat' })
  await open(a, true, true)
  await exchange('max-compat', a, b)

  ;[a, b] = pair()
  await open(a, true, false)
  const { sdp } = await a.createOffer()
  const camera = await navigator.mediaDevices.getUserMedia({ video: true })
  a.addTransceiver(camera.getTracks()[0], { sendEncodings: ['q', 'h', 'f'].map((rid, i) => ({ rid, scaleResolutionDownBy: 4 >> i })) })
  await exchange('simulcast', a, b)
  await send('not-gathered.offer', { sdp })
}

collect().then(() => 'done', String).then(what => fetch('/done', { method: 'POST', body: what }))
