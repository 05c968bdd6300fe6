import {
  cosignatureBy,
  formatAddCheckpoint,
  type NoteKey,
  parseKnownSize,
  parseNoteKey,
  peekCheckpoint,
  ProtocolError,
  sizeMediaType,
  splitNote,
  withLines,
} from '../../protocol/index.ts'
import type { ClockSource, Logger } from '../config/types.ts'
import type { Wire, WireAnswer } from '../federation/index.ts'
import type { LogLedger, SpaceHead } from '../log/index.ts'
import type { Db } from '../storage/types.ts'
import type { Ground } from './space-policy.ts'
import type { OutsideState, OutsideWitness, WitnessPace } from './types.ts'
import './tables.ts'

export interface OutsideContext {
  db: Db
  ledger: LogLedger
  clock: ClockSource
  log: Logger
  wire: Wire
  witnesses: readonly OutsideWitness[]
  pace: WitnessPace
  ground(space: string): Promise<Ground | undefined>
}

/** Brings newest checkpoints of spaces hosted here to witnesses from outside. Nothing else ever waits for it. */
export interface OutsideWitnesses {
  keys: readonly NoteKey[]
  /** A space may have grown, or its policy changed. */
  noticed(space: string): void
  states(space: string): Promise<OutsideState[]>
  idle(): Promise<void>
  stop(): Promise<void>
}

interface Witness extends OutsideWitness {
  name: string
  noteKey: NoteKey
}

/** What one attempt came to; anything but `cosigned` and `nothing` is tried again later, unless it is final. */
type Attempt = 'cosigned' | 'nothing' | 'moved' | 'lost-state' | 'disagrees'

export function createOutsideWitnesses(context: OutsideContext): OutsideWitnesses {
  const witnesses: Witness[] = context.witnesses.map((one) => {
    const noteKey = parseNoteKey(one.key)
    return { ...one, noteKey, name: noteKey.name }
  })
  const lanes = witnesses.map((witness) => createLane(context, witness))
  return {
    keys: witnesses.map(({ noteKey }) => noteKey),
    noticed(space) {
      for (const lane of lanes) lane.add(space)
    },
    states: (space) => readStates(context, witnesses, space),
    async idle() {
      await Promise.all(lanes.map((lane) => lane.idle()))
    },
    async stop() {
      await Promise.all(lanes.map((lane) => lane.stop()))
    },
  }
}

/** One witness: one request at a time, each space at most once per `submitMs`, longer waits while it fails. */
function createLane(context: OutsideContext, witness: Witness) {
  const { pace, log } = context
  const waiting = new Set<string>()
  const notBefore = new Map<string, number>()
  let failures = 0
  let timer: NodeJS.Timeout | undefined
  let running: Promise<void> | undefined
  let stopped = false

  function schedule(): void {
    if (stopped || timer || running || waiting.size === 0) return
    const soonest = Math.min(...[...waiting].map((space) => notBefore.get(space) ?? 0))
    timer = setTimeout(run, Math.max(0, soonest - performance.now()))
    timer.unref()
  }

  function run(): void {
    timer = undefined
    running = runDue().finally(() => {
      running = undefined
      schedule()
    })
  }

  async function runDue(): Promise<void> {
    const now = performance.now()
    for (const space of [...waiting].filter((one) => (notBefore.get(one) ?? 0) <= now)) {
      if (stopped) return
      waiting.delete(space)
      notBefore.set(space, performance.now() + pace.submitMs)
      await submitOnce(space)
    }
    // Spaces that have been quiet for long need not be remembered.
    if (notBefore.size > 10_000) notBefore.clear()
  }

  async function submitOnce(space: string): Promise<void> {
    try {
      const attempt = await submit(context, witness, space)
      failures = 0
      if (attempt === 'moved') waiting.add(space)
    } catch (error) {
      failures += 1
      const wait = Math.min(pace.retryLongestMs, pace.retryFirstMs * 2 ** Math.min(failures - 1, 20))
      log.warn('witness.unreachable', { witness: witness.name, space, failures, error: String(error).slice(0, 200) })
      await keepState(context, witness, { space, state: 'unreachable', detail: String(error).slice(0, 200) })
      waiting.add(space)
      // The witness, not the space, failed: nothing goes to it before the wait is over.
      for (const one of waiting) notBefore.set(one, performance.now() + wait)
    }
  }

  return {
    add(space: string): void {
      if (stopped) return
      waiting.add(space)
      schedule()
    },
    /** Resolves once nothing is due now; what waits for a witness that fails does not count. */
    async idle(): Promise<void> {
      while (running || (timer && failures === 0)) {
        await (running ?? new Promise((resolve) => setTimeout(resolve, 1)))
      }
    },
    async stop(): Promise<void> {
      stopped = true
      clearTimeout(timer)
      timer = undefined
      await running
    },
  }
}

async function submit(context: OutsideContext, witness: Witness, space: string): Promise<Attempt> {
  const ground = await context.ground(space)
  if (!ground || !isFor(witness, ground)) return 'nothing'
  const known = await readProgress(context, witness, space)
  if (known.state === 'lost-state' || known.state === 'disagrees') return 'nothing'
  // An entry is out once its guard is written; the checkpoint read here has passed that.
  const note = await context.ledger.checkpoint(space)
  const { size } = peekCheckpoint(note)
  if (size === 0 || (known.size === size && known.state === 'current')) return 'nothing'
  const first = await ask(context, witness, { space, note, from: known.size })
  const told = knownSize(first)
  if (told === undefined) return settle(context, witness, { head: ground.head, note, answer: first })
  // It once cosigned more than it knows now: a witness that forgot cannot be believed again.
  if (told < known.size) return conclude(context, witness, space, 'lost-state', `knows ${told}, cosigned ${known.size}`)
  if (told > size) {
    const head = await context.ledger.head(space)
    if (head && head.size >= told) return 'moved'
    return conclude(context, witness, space, 'disagrees', `cosigned ${told}, this log has ${size}`)
  }
  const second = await ask(context, witness, { space, note, from: told })
  const again = knownSize(second)
  // Its size is this one, and from there it refuses: what it holds has another root.
  if (again === size) return conclude(context, witness, space, 'disagrees', `another root at size ${size}`)
  if (again !== undefined) return 'moved'
  return settle(context, witness, { head: ground.head, note, answer: second })
}

/** Witnesses see origin, sizes and times: a space is shown to one only by its own policy, or by the operator's word. */
function isFor(witness: Witness, { head, set }: Ground): boolean {
  if (!head.hosted || head.frozen) return false
  if (witness.for === 'all') return true
  return set.policy.witnesses.some(
    ({ key }) => key.name === witness.name && key.publicKey === witness.noteKey.publicKey,
  )
}

async function ask(
  { ledger, wire, pace }: OutsideContext,
  witness: Witness,
  { space, note, from }: { space: string; note: string; from: number },
): Promise<WireAnswer> {
  const { size } = peekCheckpoint(note)
  const path = from === 0 || from === size ? [] : await ledger.consistency(space, from, size)
  // Only the host's line: whom else it asks is none of a witness's business.
  const { body, lines } = splitNote(note)
  const checkpoint = `${body}\n${lines[0]?.text}\n`
  return wire.send({
    method: 'POST',
    url: `${witness.url.replace(/\/+$/, '')}/add-checkpoint`,
    headers: { 'content-type': 'text/plain; charset=utf-8' },
    body: new TextEncoder().encode(formatAddCheckpoint({ oldSize: from, path, checkpoint })),
    timeoutMs: pace.answerMs,
    maxBytes: 64 * 1024,
  })
}

function knownSize(answer: WireAnswer): number | undefined {
  if (answer.status !== 409 || answer.headers['content-type']?.split(';')[0] !== sizeMediaType) return undefined
  return parseKnownSize(Buffer.from(answer.body).toString('utf8'))
}

async function settle(
  context: OutsideContext,
  witness: Witness,
  { head, note, answer }: { head: SpaceHead; note: string; answer: WireAnswer },
): Promise<Attempt> {
  const { space } = head
  if (answer.status === 422 || answer.status === 409) {
    return conclude(context, witness, space, 'disagrees', `it holds another history (${answer.status})`)
  }
  if (answer.status !== 200) throw new Error(`the witness answered ${answer.status}`)
  const said = Buffer.from(answer.body).toString('utf8').split('\n').filter(Boolean)
  const line = said.slice(0, 16).find((one) => isGood(note, one, witness.noteKey))
  if (line === undefined) throw new Error('the answer holds no valid line of this witness')
  const { size } = peekCheckpoint(note)
  await context.ledger.addCosignatures(space, size, [line])
  await keepState(context, witness, { space, size, state: 'current' })
  return 'cosigned'
}

function isGood(note: string, line: string, key: NoteKey): boolean {
  try {
    const { body, lines } = splitNote(note)
    return cosignatureBy(withLines(`${body}\n${lines[0]?.text}\n`, [line]), key) !== undefined
  } catch (error) {
    if (error instanceof ProtocolError) return false
    throw error
  }
}

async function conclude(
  context: OutsideContext,
  witness: Witness,
  space: string,
  state: 'lost-state' | 'disagrees',
  detail: string,
): Promise<Attempt> {
  context.log.error(`witness.${state}`, { witness: witness.name, space, detail })
  await keepState(context, witness, { space, state, detail })
  return state
}

async function readProgress({ db }: OutsideContext, witness: Witness, space: string) {
  const row = await db
    .selectFrom('home.submission')
    .select(['size', 'state'])
    .where('witness', '=', witness.key)
    .where('space', '=', space)
    .executeTakeFirst()
  return row ?? { size: 0, state: 'behind' }
}

async function keepState(
  { db, clock }: OutsideContext,
  witness: Witness,
  { space, size, state, detail }: { space: string; size?: number; state: OutsideState['state']; detail?: string },
): Promise<void> {
  const at = clock.now()
  await db
    .insertInto('home.submission')
    .values({ witness: witness.key, space, size: size ?? 0, state, detail: detail ?? null, at })
    .onConflict((there) =>
      there
        .columns(['witness', 'space'])
        .doUpdateSet({ ...(size === undefined ? {} : { size }), state, detail: detail ?? null, at }),
    )
    .execute()
}

async function readStates(
  { db, ledger }: OutsideContext,
  witnesses: readonly Witness[],
  space: string,
): Promise<OutsideState[]> {
  if (witnesses.length === 0) return []
  const head = await ledger.head(space)
  const rows = await db.selectFrom('home.submission').selectAll().where('space', '=', space).execute()
  return witnesses.flatMap((witness) => {
    const row = rows.find((one) => one.witness === witness.key)
    if (!row) return []
    const isBehind = row.state === 'current' && row.size < (head?.size ?? 0)
    const state = isBehind ? 'behind' : (row.state as OutsideState['state'])
    return [{ name: witness.name, url: witness.url, size: row.size, at: row.at, state }]
  })
}
