/** What goes to one other browser by way of both houses. */
export type Signal =
  | { type: 'offer' | 'answer'; sdp: string }
  | { type: 'candidate'; candidate: string; mid: string; line: number }

export type LinkState = 'connecting' | 'there' | 'lost'

interface Link {
  connection: RTCPeerConnection
  picture?: RTCRtpSender | undefined
  /** Ways that came before the description they belong to. */
  early: RTCIceCandidateInit[]
}

/** To each of three others, bits a second: what a line at home carries upwards beside other work. */
const most = {
  sound: { maxBitrate: 40_000 },
  picture: { maxBitrate: 300_000, maxFramerate: 15 },
}

/** One connection to each other browser in the room; each checks the other's key against the one that came signed. */
export function createMesh(options: {
  iceServers: RTCIceServer[]
  microphone: MediaStreamTrack
  send(to: string, signal: Signal): Promise<void>
  changed(session: string, state: LinkState): void
  arrived(session: string, track: MediaStreamTrack): void
}) {
  const links = new Map<string, Link>()
  /** Whose turn to be called has not come. A second offer would take the answer to the first for its own. */
  const toCall = new Set<string>()
  let picture: MediaStreamTrack | null = null
  // Descriptions and ways are taken in the order in which they came.
  let turn = Promise.resolve()

  function inTurn(session: string, step: () => Promise<void>): void {
    turn = turn.then(step).catch(() => {
      if (links.get(session)?.connection.connectionState !== 'connected') options.changed(session, 'lost')
    })
  }

  function open(session: string): Link {
    close(session)
    const connection = new RTCPeerConnection({ iceServers: options.iceServers, bundlePolicy: 'max-bundle' })
    const link: Link = { connection, early: [] }
    links.set(session, link)
    connection.addEventListener('icecandidate', ({ candidate: way }) => {
      if (!way?.candidate) return
      const { candidate, sdpMid, sdpMLineIndex } = way
      // Another way may do: one that did not get through is no reason to give up.
      options
        .send(session, { type: 'candidate', candidate, mid: sdpMid ?? '', line: sdpMLineIndex ?? 0 })
        .catch(() => {})
    })
    connection.addEventListener('connectionstatechange', () => {
      if (links.get(session) === link) options.changed(session, stateOf(connection))
    })
    connection.addEventListener('track', ({ track }) => options.arrived(session, track))
    return link
  }

  async function describe(session: string, { connection }: Link, type: 'offer' | 'answer'): Promise<void> {
    await connection.setLocalDescription()
    await options.send(session, { type, sdp: connection.localDescription?.sdp ?? '' })
  }

  async function call(session: string): Promise<void> {
    if (!toCall.delete(session)) return
    const link = open(session)
    link.connection.addTransceiver(options.microphone, { direction: 'sendrecv', sendEncodings: [most.sound] })
    // There from the start, so that turning the camera on asks nobody anything.
    link.picture = link.connection.addTransceiver('video', {
      direction: 'sendrecv',
      sendEncodings: [most.picture],
    }).sender
    await link.picture.replaceTrack(picture)
    await describe(session, link, 'offer')
  }

  async function answer(session: string, sdp: string): Promise<void> {
    const early = links.get(session)?.early ?? []
    const link = open(session)
    const { connection } = link
    await connection.setRemoteDescription({ type: 'offer', sdp })
    for (const transceiver of connection.getTransceivers()) {
      transceiver.direction = 'sendrecv'
      const isSound = transceiver.receiver.track.kind === 'audio'
      await transceiver.sender.replaceTrack(isSound ? options.microphone : picture)
      await limit(transceiver.sender, isSound ? most.sound : most.picture)
      if (!isSound) link.picture = transceiver.sender
    }
    await describe(session, link, 'answer')
    await takeEarly(link, early)
  }

  async function takeEarly({ connection }: Link, ways: RTCIceCandidateInit[]): Promise<void> {
    for (const way of ways.splice(0)) await connection.addIceCandidate(way).catch(() => {})
  }

  async function take(session: string, signal: Signal): Promise<void> {
    if (signal.type === 'offer') return answer(session, signal.sdp)
    const link = links.get(session)
    if (!link) return
    if (signal.type === 'candidate') {
      link.early.push({ candidate: signal.candidate, sdpMid: signal.mid, sdpMLineIndex: signal.line })
      if (link.connection.remoteDescription) await takeEarly(link, link.early)
    } else if (link.connection.signalingState === 'have-local-offer') {
      await link.connection.setRemoteDescription(signal)
      await takeEarly(link, link.early)
    }
  }

  function close(session: string): void {
    toCall.delete(session)
    links.get(session)?.connection.close()
    links.delete(session)
  }

  return {
    has: (session: string) => links.has(session) || toCall.has(session),
    call(session: string): void {
      toCall.add(session)
      inTurn(session, () => call(session))
    },
    take: (session: string, signal: Signal) => inTurn(session, () => take(session, signal)),
    /** What came in from each since it was connected, bytes. */
    async received(): Promise<Map<string, { sound: number; picture: number }>> {
      const all = [...links].map(async ([session, { connection }]) => {
        const sums = { sound: 0, picture: 0 }
        for (const one of (await connection.getStats()).values())
          if (one.type === 'inbound-rtp') sums[one.kind === 'audio' ? 'sound' : 'picture'] += one.bytesReceived ?? 0
        return [session, sums] as const
      })
      return new Map(await Promise.all(all))
    },
    async show(track: MediaStreamTrack | null): Promise<void> {
      picture = track
      await Promise.all([...links.values()].map((link) => link.picture?.replaceTrack(track)))
    },
    close,
    closeAll(): void {
      for (const session of [...toCall, ...links.keys()]) close(session)
    },
  }
}

/** Whoever answers has no say in how the offer was made, and sets the limit where the browser lets them. */
async function limit(sender: RTCRtpSender, bounds: RTCRtpEncodingParameters): Promise<void> {
  const parameters = sender.getParameters()
  for (const encoding of parameters.encodings) Object.assign(encoding, bounds)
  await sender.setParameters(parameters).catch(() => {})
}

function stateOf({ connectionState }: RTCPeerConnection): LinkState {
  if (connectionState === 'connected') return 'there'
  return connectionState === 'new' || connectionState === 'connecting' ? 'connecting' : 'lost'
}
