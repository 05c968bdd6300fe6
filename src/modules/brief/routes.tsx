import { z } from 'zod'
import { Refusal, wordsOf } from '../../core/http/index.ts'
import type { Answer, Route, Visit } from '../../core/module/types.ts'
import { tlpRank } from '../../core/markings/index.ts'
import { isId } from '../../protocol/index.ts'
import { type Tlp, tlpLabels } from '../../protocol/types.ts'
import { clearBrief, lineLength, loadBrief, mostLines, writeLines } from './brief.ts'
import { BriefPage } from './brief-page.tsx'
import { briefSheet } from './brief-sheet.ts'

const linesInput = z.object({
  id: z.string().regex(/^[0-9a-f]{32}$/),
  language: z
    .string()
    .regex(/^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8}){0,3}$/)
    .default('und'),
  lines: z
    .string()
    .max(mostLines * (lineLength + 2))
    .transform((typed) =>
      typed
        .split('\n')
        .map((line) => line.trim())
        .filter(Boolean),
    )
    .pipe(
      z
        .array(z.string().max(lineLength, 'brief.invalid.long'))
        .min(1, 'brief.invalid.none')
        .max(mostLines, 'brief.invalid.many'),
    ),
})
const clearInput = z.object({ seen: z.string().regex(/^[\w-]{43}$/) })

/** The one page of an incident that is read out: what to say, entered by one person and cleared by another. */
export function briefRoutes(): Route[] {
  const path = '/incidents/:incident/brief'
  return [
    {
      method: 'GET',
      path,
      permission: 'incidents:read',
      summary: 'One page of an incident with lines to take, to print',
      handle: (visit) => show(visit),
    },
    {
      method: 'GET',
      path: `${path}/pdf`,
      permission: 'incidents:read',
      summary: 'The same as one sheet at a chosen marking',
      async handle(visit) {
        const pdf = await briefSheet(visit, idOf(visit), markingOf(visit))
        return new Response(new Uint8Array(pdf), {
          headers: {
            'content-type': 'application/pdf',
            'content-disposition': 'inline; filename="brief.pdf"',
            'cache-control': 'private, no-store',
          },
        })
      },
    },
    {
      method: 'POST',
      path: `${path}/lines`,
      permission: 'incidents:draft',
      input: linesInput,
      summary: 'Write the lines to take',
      async handle(visit: Visit<z.infer<typeof linesInput>>) {
        const { services, viewer, input } = visit
        try {
          await writeLines(services, viewer, idOf(visit), input)
        } catch (error) {
          if (!(error instanceof Refusal) || visit.wantsJson || error.facts.field !== 'lines') throw error
          return show(visit, { lines: wordsOf(error, visit) })
        }
        return { redirect: `/incidents/${idOf(visit)}/brief`, notice: 'brief.notice.written' }
      },
      onInvalid: (visit, errors) => show(visit, errors),
    },
    {
      method: 'POST',
      path: `${path}/clear`,
      permission: 'incidents.brief:release',
      input: clearInput,
      summary: 'Clear a brief as it stands',
      async handle(visit: Visit<z.infer<typeof clearInput>>) {
        await clearBrief(visit.services, visit.viewer, idOf(visit), visit.input.seen)
        return { redirect: `/incidents/${idOf(visit)}/brief`, notice: 'brief.notice.cleared' }
      },
    },
  ]
}

/** A malformed name is one that does not exist. */
function idOf({ params }: Pick<Visit, 'params'>): string {
  const { incident = '' } = params
  if (!isId(incident)) throw new Refusal('incidents.not-found')
  return incident
}

/** Marking a sheet was asked for at; that of the incident where none was named. */
function markingOf({ query, viewer }: Visit): Tlp | undefined {
  const asked = query.get('marking')
  if (asked === null) return undefined
  const marking = tlpLabels.find((label) => label === asked)
  if (!marking || tlpRank(marking) > tlpRank(viewer.ceiling)) throw new Refusal('incidents.marking-above-reader')
  return marking
}

async function show(visit: Visit, errors?: Record<string, string>): Promise<Answer> {
  const brief = await loadBrief(visit.services, visit.viewer, idOf(visit))
  const lines = visit.values?.lines
  const returned = errors && { lines: typeof lines === 'string' ? lines : '', error: errors.lines ?? '' }
  return { page: <BriefPage visit={visit} brief={brief} returned={returned} />, ...(errors && { status: 422 }) }
}
