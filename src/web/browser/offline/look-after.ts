import {
  forgetPages,
  keepAssets,
  keepOnly,
  keepPage,
  readStanding,
  type Standing,
  writeStanding,
} from './kept-pages.ts'
import { forgetUnsent, listUnsent } from './unsent-forms.ts'

type Word = Omit<Standing, 'at'> | { do: 'lock' } | { do: 'forget' }

/** Making the pages of this device, and the way to stop it. */
let underWay: { done: Promise<void>; stop: AbortController } | undefined

/** Whoever goes from page to page does not have all of them made again each time. */
const restMs = 2 * 60_000

/**
 * Asks the node what this browser may keep, and keeps that and nothing else; some time after it was last asked, or
 * `now`. Without a line nothing changes.
 */
export function lookAfter({ now }: { now: boolean }): Promise<void> {
  underWay ??= begin(now)
  return underWay.done
}

/** Forgets everything, and first stops whatever is still being kept, which would lie here afterwards. */
export async function forgetAll(): Promise<void> {
  underWay?.stop.abort()
  await forget()
}

function begin(now: boolean): NonNullable<typeof underWay> {
  const stop = new AbortController()
  // A store that is being cleared may never answer: who stops this does not wait for it, nor does the next asking.
  const stopped = new Promise<void>((resolve) => stop.signal.addEventListener('abort', () => resolve()))
  const kept = askAndKeep(now, stop.signal).catch(() => undefined)
  const done = Promise.race([kept, stopped]).finally(() => {
    underWay = undefined
  })
  return { done, stop }
}

async function forget(): Promise<void> {
  await forgetPages()
  await forgetUnsent()
}

async function askAndKeep(now: boolean, signal: AbortSignal): Promise<void> {
  const before = await readStanding()
  if (before && !now && Date.now() - before.at < restMs) return
  const asked = await fetch('/offline/standing', { headers: { Accept: 'application/json' }, cache: 'no-store', signal })
  if (!asked.ok) return
  const word = (await asked.json()) as Word
  if (word.do === 'forget') return forget()
  if (word.do === 'lock') return forgetPages()
  const isOther = (one: { device: string }) => one.device !== word.device
  if ((before && isOther(before)) || (await listUnsent()).some(isOther)) await forget()
  signal.throwIfAborted()
  await writeStanding({ ...word, at: Date.now() })
  await keepAssets(word.assets)
  await keepOnly(word.pages)
  for (const path of word.pages) await keepPage(path, signal)
}
