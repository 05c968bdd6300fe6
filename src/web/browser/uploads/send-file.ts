/** How far the server has come with a file, as it answers every request of an upload. */
export interface Have {
  id: string
  have: number
  size: number
  state: 'receiving' | 'found' | 'refused' | 'ready'
}

export interface Sending {
  file: File
  /** Where uploads of the draft are begun. */
  at: string
  pieceBytes: number
  title: string
  tlp: string
  fetch: typeof fetch
  /** After a lost line: resolves when it is worth trying again. */
  wait(tries: number): Promise<void>
  going(have: number, how: 'again' | 'going' | 'lost'): void
}

/** The server will not have it, in its own words. */
export class NotTaken extends Error {
  override name = 'NotTaken'
}

const sampleBytes = 256 * 1024

/**
 * Sends a file piece by piece and resolves once all of it is there. What came before, by this page or one that was
 * closed, is not sent again; a lost line is waited for.
 *
 * @throws {@link NotTaken}
 */
export async function sendFile(sending: Sending): Promise<Have> {
  const { file, at, pieceBytes, going } = sending
  let is = await begin(sending)
  if (is.have > 0) going(is.have, 'again')
  for (let tries = 0; is.state === 'receiving' && is.have < is.size; ) {
    try {
      const body = file.slice(is.have, is.have + pieceBytes)
      const headers = { 'Content-Type': 'application/partial-upload', 'Upload-Offset': String(is.have) }
      const before = is.have
      is = await ask(sending, `${at}/${is.id}`, { method: 'POST', body, headers })
      tries = is.have > before ? 0 : tries + 1
      going(is.have, 'going')
    } catch (error) {
      if (error instanceof NotTaken) throw error
      going(is.have, 'lost')
      tries += 1
      await sending.wait(tries)
      is = await ask(sending, `${at}/${is.id}`, {}).catch((again: unknown) => {
        if (again instanceof NotTaken) throw again
        return is
      })
    }
  }
  return is
}

async function begin(sending: Sending): Promise<Have> {
  const { file, at, title, tlp } = sending
  const body = JSON.stringify({
    name: file.name,
    size: file.size,
    fingerprint: await fingerprintOf(file),
    ...(title && { title }),
    ...(tlp && { tlp }),
  })
  for (let tries = 1; ; tries++) {
    try {
      return await ask(sending, at, { method: 'POST', body, headers: { 'Content-Type': 'application/json' } })
    } catch (error) {
      if (error instanceof NotTaken) throw error
      sending.going(0, 'lost')
      await sending.wait(tries)
    }
  }
}

async function ask({ fetch, at }: Sending, path: string, init: RequestInit): Promise<Have> {
  const headers = { ...(init.headers as Record<string, string>), Accept: 'application/json' }
  const answer = await fetch(path, { ...init, headers, credentials: 'same-origin' })
  const said = (await answer.json().catch(() => ({}))) as Have & { code?: string; detail?: string }
  if (answer.ok) return said
  // Another page of ours sent the piece: the server knows where to go on.
  if (said.code === 'files.elsewhere' && path !== at) return ask({ fetch, at } as Sending, path, {})
  if (answer.status >= 500 || answer.status === 429) throw new Error(`answered ${answer.status}`)
  throw new NotTaken(said.detail ?? String(answer.status))
}

/** Recognises the same file chosen again. Where the browser has no digests (plain http), name, size and time do. */
async function fingerprintOf(file: File): Promise<string> {
  const about = `${file.name}|${file.size}|${file.lastModified}`
  if (!globalThis.crypto?.subtle) return about.slice(-100)
  const samples = new Blob([about, file.slice(0, sampleBytes), file.slice(-sampleBytes)])
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', await samples.arrayBuffer()))
  return [...digest].map((byte) => byte.toString(16).padStart(2, '0')).join('')
}
