import { addStatuses, InvalidInput, Refusal } from '../../core/http/index.ts'
import { tlpRank } from '../../core/markings/index.ts'
import type { Answer, Route, Services, Visit } from '../../core/module/types.ts'
import { newId } from '../../protocol/index.ts'
import { type Demarche, findDemarche, instruct, listDemarches, type Note, noteOf, standings } from './demarche.ts'
import {
  type DeliveredInput,
  deliveredInput,
  type InstructionInput,
  instructionInput,
  instructionOf,
  type ReadOutInput,
  readOutInput,
} from './inputs.ts'
import { DemarchePage } from './pages/demarche-page.tsx'
import { InstructPage } from './pages/instruct-page.tsx'
import { ListPage } from './pages/list-page.tsx'
import { NotePage } from './pages/note-page.tsx'

type Errors = Record<string, string>

/** Démarches: instructed here, delivered orally there, read out home. */
export function demarcheRoutes(services: Services): Route[] {
  addStatuses({ 'demarches-no-such-capital': 422 })
  const noteRoutes = (kind: Note['kind'], input: Route['input'], summary: string): Route[] => [
    {
      method: 'GET',
      path: `/demarches/:demarche/${kind}`,
      permission: 'demarches.read-out:draft',
      summary: `Form: ${summary.toLowerCase()}`,
      handle: (visit) => showNote(services, visit, kind),
    },
    {
      method: 'POST',
      path: `/demarches/:demarche/${kind}`,
      permission: 'demarches.read-out:draft',
      input,
      summary,
      handle: (visit) => saveNote(services, visit, kind),
      onInvalid: (visit, errors) => showNote(services, visit, kind, errors),
    },
  ]
  return [
    {
      method: 'GET',
      path: '/demarches',
      permission: 'demarches:read',
      summary: 'Démarches we instructed, and where each stands',
      async handle(visit) {
        const demarches = await listDemarches(services, visit.viewer)
        return visit.wantsJson ? { data: demarches } : { page: <ListPage visit={visit} demarches={demarches} /> }
      },
    },
    {
      method: 'GET',
      path: '/demarches/instruct',
      permission: 'demarches.instruction:release',
      summary: 'Form of an instruction to our missions',
      handle: (visit) => showInstruction(services, visit),
    },
    {
      method: 'POST',
      path: '/demarches',
      permission: 'demarches.instruction:release',
      input: instructionInput,
      summary: 'Instruct our missions to make a démarche; nothing leaves this house',
      handle: (visit: Visit<InstructionInput>) => saveInstruction(services, visit),
      onInvalid: (visit, errors) => showInstruction(services, visit, errors),
    },
    {
      method: 'GET',
      path: '/demarches/:demarche',
      permission: 'demarches:read',
      summary: 'A démarche: instruction, and in a matrix who approached which capital when, and the answers',
      async handle(visit) {
        const demarche = await getDemarche(services, visit)
        if (visit.wantsJson) return { data: { ...demarche, standings: standings(demarche) } }
        const ours = await services.ledger.list({ member: services.party })
        return { page: <DemarchePage visit={visit} demarche={demarche} spaces={ours} /> }
      },
    },
    ...noteRoutes('delivered', deliveredInput, 'Note that a démarche was delivered orally'),
    ...noteRoutes('read-out', readOutInput, 'Note what came home from a capital'),
  ]
}

/** @throws Refusal `not-found` also where its marking lies above this person's ceiling. */
async function getDemarche(services: Services, { viewer, params }: Visit<unknown>): Promise<Demarche> {
  const demarche = await findDemarche(services, viewer, params.demarche ?? '')
  if (!demarche) throw new Refusal('not-found')
  return demarche
}

async function showInstruction(services: Services, visit: Visit<unknown>, errors?: Errors): Promise<Answer> {
  const peers = (await services.peers.list()).map((peer) => peer.party)
  return {
    page: <InstructPage visit={visit} id={newId()} parties={peers} errors={errors} />,
    status: errors ? 422 : 200,
  }
}

async function saveInstruction(services: Services, { input, viewer }: Visit<InstructionInput>): Promise<Answer> {
  const instruction = instructionOf(input)
  if (instruction.capitals.length === 0) throw InvalidInput.at('capitals', 'demarches.invalid.no-capital')
  if (instruction.capitals.length > 100) throw InvalidInput.at('others', 'demarches.invalid.too-many')
  if (tlpRank(instruction.tlp) > tlpRank(viewer.ceiling))
    throw InvalidInput.at('tlp', 'demarches.invalid.above-ceiling')
  await instruct(services, viewer, { id: input.id, ...instruction })
  return { redirect: `/demarches/${input.id}`, data: { id: input.id }, notice: 'demarches.notice.instructed' }
}

async function showNote(
  services: Services,
  visit: Visit<unknown>,
  kind: Note['kind'],
  errors?: Errors,
): Promise<Answer> {
  const demarche = await getDemarche(services, visit)
  return {
    page: <NotePage visit={visit} demarche={demarche} kind={kind} id={newId()} errors={errors} />,
    status: errors ? 422 : 200,
  }
}

async function saveNote(
  services: Services,
  visit: Visit<DeliveredInput | ReadOutInput>,
  kind: Note['kind'],
): Promise<Answer> {
  const demarche = await getDemarche(services, visit)
  const { id, ...given } = visit.input
  if (!demarche.capitals.includes(given.capital)) throw new Refusal('demarches-no-such-capital')
  // A day ahead somewhere is no day to come there.
  const latest = Temporal.Instant.fromEpochMilliseconds(services.clock.now()).toZonedDateTimeISO('Etc/GMT-14')
  if (Temporal.PlainDate.compare(given.on, latest.toPlainDate()) > 0)
    throw InvalidInput.at('on', 'demarches.invalid.in-the-future')
  await noteOf(services, visit.viewer, { id, demarche: demarche.id, note: { ...given, kind } })
  return {
    redirect: `/demarches/${demarche.id}`,
    data: { demarche: demarche.id, capital: given.capital, kind },
    notice: `demarches.notice.${kind}`,
  }
}
