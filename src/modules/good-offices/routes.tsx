import { z } from 'zod'
import { InvalidInput, Refusal } from '../../core/http/index.ts'
import { partyName } from '../../core/module/fields.ts'
import type { Answer, LoggedAct, Route, Services, SpaceFacts, Visit } from '../../core/module/types.ts'
import { takeStep } from '../../core/release/index.ts'
import { isId } from '../../protocol/index.ts'
import { findJoint, isAcceptedByAll, listJoint, loadGoodOffices } from './offices.ts'
import { openGoodOffices } from './open-offices.ts'
import { ListPage, OpenPage } from './pages/list-page.tsx'
import { OfficesPage } from './pages/offices-page.tsx'
import { mediatorOf, officeSpace } from './roles.ts'

const opening = z.object({
  id: z.string().regex(/^[0-9a-f]{32}$/),
  title: z.string().trim().min(1).max(300),
  mandate: z.string().trim().min(1).max(2_000),
  first: partyName,
  second: partyName,
})
const nothing = z.object({})

/** Good offices: opened by the mediator; its page at the mediator's and at each side's. */
export function goodOfficesRoutes(services: Services): Route[] {
  const openPage = async (visit: Visit<any>, errors?: Record<string, string>): Promise<Answer> => {
    const peers = (await services.peers.list()).filter(({ state }) => state === 'pinned')
    const page = <OpenPage visit={visit} peers={peers.map(({ party }) => party)} errors={errors} />
    return { page, status: errors ? 422 : 200 }
  }
  return [
    {
      method: 'GET',
      path: '/good-offices',
      permission: 'good-offices:read',
      summary: 'Good offices this party is in, as mediator or as a side',
      async handle(visit) {
        const joint = await listJoint(services)
        if (visit.wantsJson)
          return { data: joint.map((one) => ({ space: one.id, mediator: mediatorOf(one), title: one.title })) }
        return { page: <ListPage visit={visit} joint={joint} /> }
      },
    },
    {
      method: 'GET',
      path: '/good-offices/open',
      permission: 'spaces.open:manage',
      summary: 'The form by which a mediator opens good offices',
      handle: (visit) => openPage(visit),
    },
    {
      method: 'POST',
      path: '/good-offices/open',
      permission: 'spaces.open:manage',
      input: opening,
      summary: 'Open good offices as mediator: a joint space and a confidence with each side',
      async handle(visit: Visit<z.infer<typeof opening>>) {
        const { first, second, ...rest } = visit.input
        if (first === second || [first, second].includes(services.party))
          throw InvalidInput.at('second', 'good-offices.invalid.two-others')
        const asked = { ...rest, language: visit.language, sides: [first, second] as const }
        const joint = await openGoodOffices(services, visit.viewer, asked)
        return { redirect: addressOf(joint), data: { id: joint.id } }
      },
      onInvalid: (visit, errors) => openPage(visit, errors),
    },
    {
      method: 'GET',
      path: '/good-offices/:space',
      permission: 'good-offices:read',
      summary: 'Good offices: both sides side by side for the mediator, its own confidence for a side, the single text',
      async handle(visit) {
        const joint = await getJoint(visit)
        const offices = await loadGoodOffices(services, visit.viewer, joint)
        return { page: <OfficesPage visit={visit} offices={offices} /> }
      },
    },
    {
      method: 'POST',
      path: '/spaces/:space/good-offices/consent',
      permission: 'good-offices.offer-taken:send',
      input: nothing,
      summary: 'Take the good offices of the mediator',
      async handle(visit) {
        const { space, joint } = await getOffice(visit, 'confidence')
        if (mediatorOf(space) === services.party) throw new Refusal('good-offices-not-the-side')
        const [first] = await services.ledger.acts(space.id, { limit: 1 })
        return step(visit, { space, joint, about: first, type: 'offer-taken', body: {} })
      },
    },
    {
      method: 'POST',
      path: '/spaces/:space/good-offices/:act/allow',
      permission: 'good-offices.passing-allowed:send',
      input: nothing,
      summary: 'Let the mediator pass on what we said in confidence',
      async handle(visit) {
        const { space, joint } = await getOffice(visit, 'confidence')
        const said = await services.ledger.findAct(visit.params.act ?? '')
        if (said?.space !== space.id || said.statement.type !== 'good-offices.confidence-said')
          throw new Refusal('not-found')
        if (said.statement.author !== services.party || mediatorOf(space) === services.party)
          throw new Refusal('good-offices-not-ours')
        return step(visit, { space, joint, about: said, type: 'passing-allowed', body: { said: said.hash } })
      },
    },
    {
      method: 'POST',
      path: '/spaces/:space/good-offices/:act/agree',
      permission: 'good-offices.text-agreed:send',
      input: nothing,
      summary: 'Tell both sides that both accept this version',
      async handle(visit) {
        const { space, joint } = await getOffice(visit, 'joint')
        const offices = await loadGoodOffices(services, visit.viewer, joint)
        const text = offices.texts.find(({ hash }) => hash === visit.params.act)
        const tabled = text && (await services.ledger.findAct(text.hash))
        if (!text || !tabled) throw new Refusal('not-found')
        if (!offices.isMediator) throw new Refusal('good-offices-not-the-mediator')
        if (text.open_brackets > 0 || !isAcceptedByAll(offices, text)) throw new Refusal('good-offices-not-accepted')
        const body = { text: text.hash, hash: text.text_hash }
        return step(visit, { space, joint, about: tabled, type: 'text-agreed', body })
      },
    },
  ]
}

const addressOf = ({ id }: Pick<SpaceFacts, 'id'>) => `/good-offices/${id}`

async function getJoint({ services, params }: Visit): Promise<SpaceFacts> {
  const { space: id = '' } = params
  const space = isId(id) ? await services.ledger.find(id) : undefined
  const joint = space && officeSpace(space) === 'joint' ? space : undefined
  if (!joint?.members.some(({ party, until }) => party === services.party && until === undefined))
    throw new Refusal('not-found')
  return joint
}

async function getOffice({ services, params }: Visit, kind: 'joint' | 'confidence') {
  const { space: id = '' } = params
  const space = isId(id) ? await services.ledger.find(id) : undefined
  const joint = space && officeSpace(space) === kind ? await findJoint(services, space) : undefined
  if (!space || !joint) throw new Refusal('not-found')
  return { space, joint }
}

async function step(
  { services, viewer }: Visit,
  taken: { space: SpaceFacts; joint: SpaceFacts; about?: LoggedAct; type: string; body: Record<string, string> },
): Promise<Answer> {
  const { space, joint, about, type, body } = taken
  if (!about) throw new Refusal('not-found')
  const marking = about.statement.type === 'space.opened' ? { tlp: 'AMBER' as const } : about.statement.marking
  const asked = { space: space.id, type: `good-offices.${type}`, about: about.hash, body, marking }
  const submission = await takeStep(services, viewer, asked)
  return { redirect: addressOf(joint), data: { ...submission }, notice: `good-offices.notice.${type}` }
}
