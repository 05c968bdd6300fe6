import {
  type AddCheckpoint,
  judgeSubmission,
  parseAddCheckpoint,
  parseNoteKey,
  peekOrigin,
  ProtocolError,
  sizeMediaType,
  toBase64url,
  type Witnessed,
  emptyRoot,
} from '../../protocol/index.ts'
import type { Logger } from '../config/types.ts'
import type { FederationRoute } from '../federation/index.ts'
import type { Identity } from '../identity/index.ts'
import type { LogLedger, SpaceHead } from '../log/index.ts'
import type { Db } from '../storage/types.ts'
import type { WitnessedOrigins } from './witnessed-origins.ts'
import './tables.ts'

export interface DoorContext {
  db: Db
  ledger: LogLedger
  identity: Identity
  log: Logger
  origins: WitnessedOrigins
  /** Verifier keys of logs of others that this operator witnesses; their names are the origins. */
  witnessFor: readonly string[]
  /** Fetches what a host signed and we do not hold yet. */
  pull(space: string, party: string): Promise<void>
}

/** Where other logs find this witness: `<peer URL>/witness/add-checkpoint`. */
export const submissionPath = '/witness/add-checkpoint'

const longestRequest = 32 * 1024
const pullWaitMs = 2_000

/** C2SP tlog-witness: cosigns checkpoints of the spaces this party is in, and of the logs its operator named. */
export function createWitnessDoor(context: DoorContext): FederationRoute {
  const foreign = new Map(context.witnessFor.map((vkey) => [parseNoteKey(vkey).name, parseNoteKey(vkey).publicKey]))
  return {
    method: 'POST',
    path: submissionPath,
    permission: 'public',
    maxBodyBytes: longestRequest,
    summary: 'Submit a checkpoint to be cosigned (C2SP tlog-witness add-checkpoint)',
    async answer({ body }) {
      const request = readRequest(body)
      if (!request) return text(400, 'not an add-checkpoint request')
      const origin = peekOrigin(request.checkpoint)
      const key = foreign.get(origin)
      if (key !== undefined) return answerForeign(context, request, { origin, key })
      const head = await findSpace(context.ledger, origin)
      return head ? answerMember(context, request, head) : text(404, 'this log is not known here')
    },
  }
}

function readRequest(body: Uint8Array): AddCheckpoint | undefined {
  try {
    const request = parseAddCheckpoint(new TextDecoder('utf-8', { fatal: true }).decode(body))
    peekOrigin(request.checkpoint)
    return request
  } catch (error) {
    if (error instanceof ProtocolError || error instanceof TypeError) return undefined
    throw error
  }
}

async function answerForeign(
  { origins }: DoorContext,
  request: AddCheckpoint,
  log: { origin: string; key: string },
): Promise<Response> {
  if (origins.isShut()) return text(503, 'this witness does not know what it signed before: ask its operator')
  const verdict = await origins.submit(request, log)
  if (verdict.status === 409) return size(verdict.size)
  return verdict.line === undefined ? text(verdict.status, 'not cosigned') : text(200, verdict.line, false)
}

async function findSpace(ledger: LogLedger, origin: string): Promise<SpaceHead | undefined> {
  const id = /\/spaces\/([0-9a-f]{32})$/.exec(origin)?.[1]
  const head = id === undefined ? undefined : await ledger.head(id)
  return head?.origin === origin ? head : undefined
}

/** Of a space of ours only what we store is cosigned: the line is also our word that we have it. */
async function answerMember(context: DoorContext, request: AddCheckpoint, head: SpaceHead): Promise<Response> {
  const { ledger } = context
  const known = await lastCosigned(context, head.space)
  const verdict = judgeSubmission(request, { origin: head.origin, key: head.hostKey }, known)
  // Whoever cannot show a signature of the host learns nothing, not even that the space exists.
  if (verdict.status !== 200 && !verdict.checkpoint) {
    const isOpen = verdict.status === 403 && head.kind === 'register'
    return isOpen ? text(403, 'not signed by the log') : text(404, 'this log is not known here')
  }
  if (verdict.status !== 200) {
    const conflict = await ledger.witness(head.space, request.checkpoint)
    if (conflict) context.log.error('witness.conflict', { space: head.space, kind: conflict.kind })
    return verdict.status === 409 ? size(verdict.size) : text(verdict.status, 'not cosigned')
  }
  const asked = verdict.checkpoint
  if (asked.size > head.size) await fetchMissing(context, head)
  const line = await ledger.cosign(head.space)
  if (!line) return text(503, 'not stored here yet, try again', true)
  if (line.size > asked.size) return size(line.size)
  if (line.size < asked.size) return text(503, 'not stored here yet, try again', true)
  return line.root === toBase64url(asked.root) ? text(200, line.line, false) : size(line.size)
}

async function lastCosigned({ db, identity }: DoorContext, space: string): Promise<Witnessed> {
  const row = await db
    .selectFrom('log.cosignature as c')
    .innerJoin('log.entry as e', (join) =>
      join.onRef('e.space', '=', 'c.space').on('e.idx', '=', (q) => q('c.size', '-', 1)),
    )
    .select(['c.size', 'e.root'])
    .where('c.space', '=', space)
    .where('c.party', '=', identity.party)
    .orderBy('c.size', 'desc')
    .limit(1)
    .executeTakeFirst()
  return row ?? { size: 0, root: emptyRoot }
}

async function fetchMissing({ pull, log }: DoorContext, { space, host, hosted }: SpaceHead): Promise<void> {
  if (hosted) return
  const late = new Promise<void>((resolve) => setTimeout(resolve, pullWaitMs).unref())
  const pulled = pull(space, host).catch((error) => log.info('witness.pull', { space, error: String(error) }))
  await Promise.race([pulled, late])
}

function size(known: number): Response {
  return new Response(`${known}\n`, {
    status: 409,
    headers: { 'content-type': sizeMediaType, 'cache-control': 'no-store' },
  })
}

function text(status: number, said: string, isAgain?: boolean): Response {
  const headers = {
    'content-type': 'text/plain; charset=utf-8',
    'cache-control': 'no-store',
    ...(status === 503 && isAgain ? { 'retry-after': '1' } : {}),
  }
  return new Response(said.endsWith('\n') ? said : `${said}\n`, { status, headers })
}
