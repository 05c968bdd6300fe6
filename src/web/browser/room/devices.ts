/** Microphone and camera: what is on is said on the button and in words. The camera is asked for at a press alone. */
export function createDevices(options: {
  find: <E extends HTMLElement>(name: string) => E
  words: Record<string, string>
  say(text: string): void
  microphone: MediaStreamTrack
  show(track: MediaStreamTrack | null): Promise<void>
}) {
  const { find, words, microphone } = options
  const mute = find<HTMLButtonElement>('mute')
  const camera = find<HTMLButtonElement>('camera')
  const mirror = find<HTMLVideoElement>('mirror')
  let picture: MediaStreamTrack | undefined
  let isOver = false

  function reflect(): void {
    // The words of a button say what it does next, so that nobody has to see a colour.
    mute.textContent = (microphone.enabled ? words.mute : words.unmute) ?? ''
    camera.textContent = (picture ? words['camera-off'] : words['camera-on']) ?? ''
    find('own').hidden = picture === undefined
    mirror.srcObject = picture ? new MediaStream([picture]) : null
  }

  async function take(): Promise<void> {
    const video = { width: { ideal: 640 }, height: { ideal: 360 }, frameRate: { ideal: 15 } }
    const stream = await navigator.mediaDevices.getUserMedia({ video }).catch(() => undefined)
    const [track] = stream?.getVideoTracks() ?? []
    // Whoever left while the browser was asking is not filmed.
    if (isOver) return track?.stop()
    if (!track) return options.say(words.blind ?? '')
    // Unplugged, or taken back in the browser.
    track.addEventListener('ended', () => void putAway())
    picture = track
    reflect()
    await options.show(track)
    options.say(words['camera-is-on'] ?? '')
  }

  async function putAway(): Promise<void> {
    picture?.stop()
    picture = undefined
    reflect()
    await options.show(null)
    options.say(words['camera-is-off'] ?? '')
  }

  mute.onclick = () => {
    microphone.enabled = !microphone.enabled
    reflect()
    options.say((microphone.enabled ? words.heard : words.unheard) ?? '')
  }
  camera.onclick = async () => {
    // Not `disabled`: the focus stays where whoever pressed it is.
    if (camera.ariaDisabled === 'true') return
    camera.ariaDisabled = 'true'
    await (picture ? putAway() : take())
    camera.ariaDisabled = null
  }
  reflect()
  return {
    stop() {
      isOver = true
      microphone.stop()
      picture?.stop()
      picture = undefined
      reflect()
    },
  }
}
