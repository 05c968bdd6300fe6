import { type Clock, clocksAbout } from '../../core/clocks/index.ts'
import { Refusal } from '../../core/http/index.ts'
import type { Exit, Services, ShownAct, SpaceFacts, Viewer } from '../../core/module/types.ts'
import type { NoteText } from '../channels/index.ts'
import { getIncident } from '../incidents/index.ts'
import { loadFacts, showActs } from '../spaces/index.ts'
import type { TermsOfUse } from './acts.ts'
import type { State } from './course.ts'
import { executionsOf, findRequest, type FoundRequest, stepsOf } from './find-request.ts'
import { listSpoken, type Spoken } from './spoken.ts'
import type { ExecutionRow } from './tables.ts'
import { incidentOf, listWork, type Work } from './work.ts'

/** One state of a request: when it came, and by whose word. */
export interface CourseLine {
  step: string
  at: number
  author: string
  act: string
}

export interface Handed {
  row: ExecutionRow
  terms?: TermsOfUse
  files: { hash: string; name: string; size: number }[]
}

export interface LoadedRequest extends FoundRequest {
  space: SpaceFacts
  /** Scenario ms in a drill, else real ms. */
  now: number
  course: CourseLine[]
  /** The request and every step as acts, in the order of the record. */
  acts: ShownAct[]
  facts: Map<string, unknown>
  clocks: Clock[]
  handed: Handed[]
  spoken: Spoken[]
  work: Work[]
  /** An incident of ours that this person may know of. */
  incident?: { id: string; codeName: string }
}

/** A request as one story. @throws Refusal `not-found` */
export async function loadRequest(
  services: Services,
  viewer: Viewer,
  hash: string,
  exit: Exit = 'page',
): Promise<LoadedRequest> {
  const { db, ledger } = services
  const found = await findRequest(db, hash)
  const space = found && (await ledger.find(found.note.space))
  if (!found || !space) throw new Refusal('not-found')
  const [steps, executions, spoken] = await Promise.all([
    stepsOf(db, [hash]),
    executionsOf(db, [hash]),
    listSpoken(services, hash),
  ])
  const hashes = [hash, ...steps.map((one) => one.hash)]
  const logged = await Promise.all(hashes.map((one) => ledger.findAct(one)))
  const [acts, clocks, work, incident, now] = await Promise.all([
    showActs(
      services,
      viewer,
      space,
      logged.filter((one) => one !== undefined),
      exit,
    ),
    clocksAbout(db, [hash, ...executions.map((one) => one.hash), ...spoken.map((one) => one.hash)]),
    exit === 'page' ? listWork(services, viewer, hash) : [],
    exit === 'page' ? incidentKnown(services, viewer, found) : undefined,
    ledger.scenarioNow(space.id),
  ])
  return {
    ...found,
    space,
    now,
    course: courseOf(found, steps),
    acts,
    facts: await loadFacts(services, viewer, acts),
    clocks: [...clocks.values()].flat(),
    handed: executions.map((row) => handedOf(row, acts)),
    spoken,
    work,
    ...(incident && { incident }),
  }
}

/** The words of its request, where the reader may see them. */
export const subjectOf = ({ acts, note }: LoadedRequest): string | undefined =>
  (acts.find(({ act }) => act.hash === note.hash)?.content?.text as NoteText | undefined)?.subject

function courseOf({ note }: FoundRequest, steps: Awaited<ReturnType<typeof stepsOf>>): CourseLine[] {
  const line = (step: State, at: number | null, author: string, act: string | null): CourseLine[] =>
    at === null || act === null ? [] : [{ step, at, author, act }]
  return [
    ...line('sent', note.sent_at, note.author, note.hash),
    ...line('received', note.acknowledged_at, note.addressee, note.acknowledged_by),
    ...steps.map(({ step, at, author, hash }) => ({ step, at, author, act: hash })),
    ...(note.ended === null
      ? []
      : line(
          note.ended as State,
          note.ended_at,
          note.ended === 'returned' ? note.addressee : note.author,
          note.ended_by,
        )),
  ].toSorted((a, b) => a.at - b.at)
}

function handedOf(row: ExecutionRow, acts: readonly ShownAct[]): Handed {
  const content = acts.find(({ act }) => act.hash === row.hash)?.content
  const terms = (content?.body as { terms?: TermsOfUse } | undefined)?.terms
  return {
    row,
    ...(terms && { terms }),
    files: (content?.attachments ?? []).map(({ hash, title, name, size }) => ({ hash, name: title ?? name, size })),
  }
}

async function incidentKnown(services: Services, viewer: Viewer, found: FoundRequest) {
  const id = await incidentOf(services, found.note)
  if (id === undefined || !viewer.may('incidents:read')) return undefined
  try {
    const { codeName } = await getIncident(services, viewer, id)
    return { id, codeName }
  } catch (error) {
    // Who need not know of it reads the request as if it belonged to none.
    if (error instanceof Refusal) return undefined
    throw error
  }
}
