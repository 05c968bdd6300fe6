import type { DraftTrace, Visit } from '../../core/module/types.ts'
import { isId } from '../../protocol/index.ts'
import { formatDateTime, isMessageKey, isolate } from '../../text/index.ts'

type Asking = Pick<Visit, 'services' | 'viewer' | 'params'>

/** Where the draft of the address went, for somebody who once could open it; undefined for everybody else. */
export async function findTrace({ services, viewer, params }: Asking): Promise<DraftTrace | undefined> {
  const trace = params.id !== undefined && isId(params.id) ? await services.drafts.trace?.(params.id) : undefined
  if (!trace) return undefined
  const mayRelease = trace.wasSubmitted && viewer.may(`${trace.type}:release`)
  return mayRelease || viewer.may(`${trace.type}:draft`) || trace.by === viewer.person.id ? trace : undefined
}

/** "Given back by Ana Petrov on 22 Nov 2026, 09:14 UTC": the newest step with a draft. */
export async function traceText({ services, viewer, t, language }: Visit, trace: DraftTrace): Promise<string> {
  const person = trace.by === undefined ? undefined : await services.people.find(trace.by)
  const key = `spaces.trace.${trace.what}`
  return t(isMessageKey(key) ? key : 'spaces.trace.other', {
    by: isolate(person?.name ?? trace.by ?? t('spaces.trace.node')),
    time: formatDateTime(trace.at, viewer.person.zone, language),
  })
}

/** A node's own reason code in words; a person's words as they are. */
export function returnedText(why: string, t: Visit['t']): string {
  const [code = '', rule] = why.split(':')
  const said = `spaces.returned.${rule}`
  if (code === 'refused' && isMessageKey(said)) return t(said)
  const key = `spaces.returned.${code}`
  return isMessageKey(key) ? t(key, { rule: rule ?? '' }) : why
}
