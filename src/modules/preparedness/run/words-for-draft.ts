import type { Services, SpaceFacts, Viewer } from '../../../core/module/types.ts'
import { mayBeUsed, readClearances } from '../plan/clear-text.ts'
import { readRuns } from './read-runs.ts'

/** The words of a cleared text, for a letter begun from a run; the draft needs its own clearance all the same. */
export async function wordsForDraft(
  services: Services,
  viewer: Viewer,
  { type, query }: { space: SpaceFacts; type: string; query: URLSearchParams },
): Promise<Record<string, string> | undefined> {
  const [id, named] = [query.get('planRun'), query.get('planText')]
  if (type !== 'channels.note-sent' || id === null || named === null) return undefined
  const [run] = await readRuns(services, viewer, { run: id })
  const text = run?.content.texts.find((one) => one.id === named)
  if (!run || !text) return undefined
  const today = new Date(run.now).toISOString().slice(0, 10)
  if (!mayBeUsed(await readClearances(services, run.plan.id), text, today)) return undefined
  return { subject: text.title, text: text.words, language: text.language }
}
