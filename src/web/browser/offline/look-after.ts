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

let underWay: Promise<void> | undefined

/** Whoever goes from page to page does not have all of them made again each time. */
const restMs = 2 * 60_000

/**
 * Asks the node what this browser may keep, and keeps that and nothing else; some time after it was last asked, or
 * `now`. Without a line nothing changes.
 */
export function lookAfter({ now }: { now: boolean }): Promise<void> {
  underWay ??= askAndKeep(now)
    .catch(() => undefined)
    .finally(() => {
      underWay = undefined
    })
  return underWay
}

export async function forgetAll(): Promise<void> {
  await forgetPages()
  await forgetUnsent()
}

async function askAndKeep(now: boolean): Promise<void> {
  const before = await readStanding()
  if (before && !now && Date.now() - before.at < restMs) return
  const asked = await fetch('/offline/standing', { headers: { Accept: 'application/json' }, cache: 'no-store' })
  if (!asked.ok) return
  const word = (await asked.json()) as Word
  if (word.do === 'forget') return forgetAll()
  if (word.do === 'lock') return forgetPages()
  const isOther = (one: { device: string }) => one.device !== word.device
  if ((before && isOther(before)) || (await listUnsent()).some(isOther)) await forgetAll()
  await writeStanding({ ...word, at: Date.now() })
  await keepAssets(word.assets)
  await keepOnly(word.pages)
  for (const path of word.pages) await keepPage(path)
}
