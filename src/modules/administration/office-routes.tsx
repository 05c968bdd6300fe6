import { z, type ZodType } from 'zod'
import {
  audit,
  givePower,
  listPowers,
  openOffice,
  readHouse,
  roleIds,
  takePower,
  writeHouse,
} from '../../core/auth/index.ts'
import { InvalidInput, Refusal } from '../../core/http/index.ts'
import type { Answer, Route, Visit } from '../../core/module/types.ts'
import { languages } from '../../text/index.ts'
import type { Outcome } from './pages/administration-frame.tsx'
import { OfficesPage, PowersPage } from './pages/office-pages.tsx'
import { statusOf, withRefusal } from './people-routes.tsx'

const officeInput = z.object({
  office: z
    .string()
    .trim()
    .regex(/^[a-z][a-z0-9-]{1,63}$/, 'administration.offices.bad-id'),
  ...Object.fromEntries(languages().map((language) => [`name-${language}`, z.string().trim().max(200).optional()])),
}) as unknown as ZodType<{ office: string } & Record<string, string | undefined>>

const line = {
  office: z.string().max(64),
  role: z.enum(roleIds as [(typeof roleIds)[number], ...typeof roleIds]),
  subject: z
    .string()
    .trim()
    .regex(/^([a-z][a-z0-9.-]{0,98}\*?|\*)$/, 'administration.powers.bad-subject'),
  verb: z.enum(['draft', 'release', 'send', 'manage']),
}
const giveInput = z.object({ ...line, secondPerson: z.enum(['yes']).optional() })
const takeInput = z.object(line)

/** Offices and what their roles may do. */
export const officeRoutes: readonly Route[] = [
  {
    method: 'GET',
    path: '/offices',
    permission: 'offices:manage',
    summary: 'Offices of this party',
    handle: (visit) => showOffices(visit),
  },
  {
    method: 'POST',
    path: '/offices',
    permission: 'offices:manage',
    input: officeInput,
    summary: 'Open an office, or rename one',
    handle: open,
    onInvalid: (visit, errors) => showOffices(visit, { errors }),
  },
  {
    method: 'GET',
    path: '/powers',
    permission: 'powers:manage',
    summary: 'Powers table of each office',
    handle: (visit) => showPowers(visit),
  },
  {
    method: 'POST',
    path: '/powers/emergency',
    permission: 'powers:manage',
    input: z.object({ allowed: z.literal('yes').optional() }),
    summary: 'House rule: may one person release alone in an emergency',
    handle: setEmergency,
  },
  {
    method: 'POST',
    path: '/powers/give',
    permission: 'powers:manage',
    input: giveInput,
    summary: 'Give a role a power in an office',
    handle: (visit) => withRefusal(visit, give, showPowers),
    onInvalid: (visit, errors) => showPowers(visit, { errors }),
  },
  {
    method: 'POST',
    path: '/powers/take',
    permission: 'powers:manage',
    input: takeInput,
    summary: 'Take a power from a role in an office',
    handle: (visit) => withRefusal(visit, take, showPowers),
    onInvalid: (visit, errors) => showPowers(visit, { errors }),
  },
]

async function open(visit: Visit<{ office: string } & Record<string, string | undefined>>): Promise<Answer> {
  const { services, viewer, input } = visit
  const name = Object.fromEntries(
    languages().flatMap((language) => {
      const value = input[`name-${language}`]
      return value ? [[language, value]] : []
    }),
  )
  if (Object.keys(name).length === 0) throw InvalidInput.at(`name-${languages()[0]}`, 'entrance.set-up.names.one')
  await services.db
    .transaction()
    .execute((tx) => openOffice(services, tx, { id: input.office, name, by: viewer.person.id }))
  return { redirect: '/offices' }
}

/** An administrator who could let themselves release would make the second person a formality. */
function requireNoRelease(role: string, verb: string): void {
  if (role === 'administrator' && verb !== 'manage') throw new Refusal('administrator-only-manages')
}

async function give(visit: Visit<z.infer<typeof giveInput>>): Promise<Answer> {
  const { services, viewer, input } = visit
  requireNoRelease(input.role, input.verb)
  await requireOffice(visit)
  await services.db.transaction().execute((tx) =>
    givePower(services, tx, {
      ...input,
      secondPerson: input.secondPerson === 'yes',
      by: viewer.person.id,
    }),
  )
  return { redirect: `/powers#${input.office}` }
}

async function take(visit: Visit<z.infer<typeof takeInput>>): Promise<Answer> {
  const { services, viewer, input } = visit
  if (input.role === 'administrator') throw new Refusal('administrator-only-manages')
  await services.db.transaction().execute((tx) => takePower(services, tx, { ...input, by: viewer.person.id }))
  return { redirect: `/powers#${input.office}` }
}

async function requireOffice({ services, input }: Visit<{ office: string }>): Promise<void> {
  if (!(await services.people.offices()).some((office) => office.id === input.office))
    throw new Refusal('office-unknown')
}

async function showOffices(visit: Visit<any>, outcome: Outcome = {}): Promise<Answer> {
  const { people } = visit.services
  return {
    page: <OfficesPage visit={visit} offices={await people.offices()} people={await people.list()} {...outcome} />,
    status: statusOf(outcome),
  }
}

async function setEmergency({ services, viewer, input }: Visit<{ allowed?: 'yes' | undefined }>): Promise<Answer> {
  const emergencyRelease = input.allowed === 'yes'
  await services.db.transaction().execute(async (tx) => {
    await writeHouse(tx, { emergencyRelease })
    await audit(tx, {
      at: services.clock.now(),
      person: viewer.person.id,
      what: emergencyRelease ? 'emergency-allowed' : 'emergency-forbidden',
    })
  })
  return { redirect: '/powers#emergency', data: { emergencyRelease } }
}

async function showPowers(visit: Visit<any>, outcome: Outcome = {}): Promise<Answer> {
  const { people, db } = visit.services
  const facts = {
    offices: await people.offices(),
    people: await people.list(),
    powers: await listPowers(db),
    allowsEmergency: (await readHouse(db)).emergencyRelease === true,
  }
  return { page: <PowersPage visit={visit} {...facts} {...outcome} />, status: statusOf(outcome) }
}
