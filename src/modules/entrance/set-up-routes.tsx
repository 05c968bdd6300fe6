import type { VNode } from 'preact'
import { join } from 'node:path'
import { z, type ZodType } from 'zod'
import { createPeople, readHouse, roleIds } from '../../core/auth/index.ts'
import { Refusal, wordsOf } from '../../core/http/index.ts'
import type { Answer, Route, Visit } from '../../core/module/types.ts'
import { isZone, languages } from '../../text/index.ts'
import { AddressPage, KeysPage, NamesPage, StartPage } from './pages/foundation-pages.tsx'
import { MailPage, PeerPage, UnsafePage, waysToCompare } from './pages/last-steps.tsx'
import { AdministratorsPage, DutyDeskPage, secondRoles, type ShownLink } from './pages/people-steps.tsx'
import { nextStep, type SetUpStep } from './pages/set-up-frame.tsx'
import { ProtectionPage } from './pages/protection-page.tsx'
import { closeSetUp } from './set-up/close-set-up.ts'
import type { SetUpContext } from './set-up/context.ts'
import { foundKeys, readBackSheets, recoverySheets } from './set-up/found-keys.ts'
import { listUnsafe } from './set-up/list-unsafe.ts'
import { introducePeer, meetNobody, pinPeer } from './set-up/meet-peer.ts'
import { nameAdministrators, type NamedPerson, renewLink } from './set-up/name-administrators.ts'
import { listPageTests, startPageTest } from './set-up/page-test.ts'
import { keepProgress, readProgress } from './set-up/progress.ts'
import { decideProtection } from './set-up/protect-keys.ts'
import { proveBackup } from './set-up/prove-backup.ts'
import { addToOffice, setDutyDesk } from './set-up/set-duty-desk.ts'
import { enterSetUp } from './set-up/set-up-link.ts'
import { acceptAddress, answerProbe, testAddress } from './set-up/test-address.ts'
import { sendTestMail, testMailState } from './set-up/test-mail.ts'

const dutyDesk = 'duty-desk'
const id = z.string().regex(/^[0-9a-f]{32}$/)
const text = (max: number) => z.string().trim().min(1).max(max)
const personFields = {
  id,
  name: text(200),
  email: z.email().max(254).optional(),
  language: z.string().refine((value) => languages().includes(value), 'entrance.account.choose-language'),
  zone: z.string().max(60).refine(isZone, 'entrance.account.choose-zone'),
}
const names = (required: string) =>
  z
    .object(
      Object.fromEntries(languages().map((language) => [`name-${language}`, z.string().trim().max(200).optional()])),
    )
    .refine((typed) => Object.values(typed).some(Boolean), {
      message: required,
      path: [`name-${languages()[0]}`],
    }) as unknown as ZodType<Record<string, string | undefined>>

/** Of the step of keys; what is typed comes back to nobody. */
const newPassphrase = z
  .object({ word: z.string().min(12, 'administration.keys.too-short').max(1000), again: z.string().max(1000) })
  .refine((typed) => typed.word === typed.again, { path: ['again'], message: 'administration.keys.differ' })

const inputs = {
  address: z.object({
    party: z
      .string()
      .trim()
      .toLowerCase()
      .max(253)
      .regex(
        /^(?=.{3,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z0-9-]{2,63}$/,
        'entrance.set-up.address.bad-domain',
      ),
  }),
  readBack: z.object({ 'holder-1': text(200), 'holder-2': text(200), 'sheet-1': text(120), 'sheet-2': text(120) }),
  protection: newPassphrase,
  administrators: z.object({
    ...suffixed('-1', { ...personFields, role: z.enum(secondRoles).optional() }),
    ...suffixed('-2', { ...personFields, role: z.enum(secondRoles).optional() }),
  }) as unknown as ZodType<Record<string, string | undefined>>,
  link: z.object({ person: id, back: z.enum(['administrators', dutyDesk]) }),
  desk: z.object({
    hours: z.enum(['always', 'office']),
    deputy: text(200),
    telephone: text(40).regex(/^[+\d][\d ()./-]{3,}$/, 'entrance.set-up.duty-desk.bad-telephone'),
  }),
  person: z.object({
    ...personFields,
    role: z.enum(roleIds.filter((role) => role !== 'administrator') as [string, ...string[]]),
  }),
  idAndPerson: z.object({ id, person: id }),
  url: z.object({ url: z.url({ protocol: /^https?$/ }).max(500) }),
  pin: z.object({ party: text(253), fingerprint: text(200), by: text(200), how: z.enum(waysToCompare) }),
}

function suffixed(suffix: string, fields: Record<string, ZodType>): Record<string, ZodType> {
  return Object.fromEntries(Object.entries(fields).map(([name, schema]) => [name + suffix, schema]))
}

interface Shown {
  errors?: Record<string, string>
  refusal?: string
  links?: ShownLink[]
}

/**
 * The set-up wizard. Before the party exists the app serves these routes alone,
 * with the little it has; afterwards the same routes stand among all others.
 */
export function setUpRoutes(context: SetUpContext): Route[] {
  const { services } = context
  const { db } = services
  const show =
    (step: SetUpStep) =>
    async (visit: Visit<any>, shown: Shown = {}): Promise<Answer> => ({
      page: await drawStep(context, step, visit, shown),
      status: shown.errors ? 422 : shown.refusal ? 409 : 200,
    })
  const page = (step: SetUpStep): Route => ({
    method: 'GET',
    path: `/set-up/${step}`,
    permission: 'set-up',
    summary: `Set-up: ${step}`,
    handle: (visit) => show(step)(visit),
  })
  // A form of a step: does its operation, then goes on or shows the step again with what is wrong.
  const form = <I,>(
    step: SetUpStep,
    path: string,
    input: ZodType<I> | undefined,
    run: (values: I) => Promise<string | (Shown & { step?: SetUpStep })>,
  ): Route => ({
    method: 'POST',
    path: `/set-up/${path}`,
    permission: 'set-up',
    input,
    summary: `Set-up: ${path}`,
    handle: async (visit: Visit<I>) => {
      try {
        const next = await run(visit.input)
        if (typeof next === 'string') return { redirect: `/set-up/${next}` }
        // What was typed is done with: the next person begins with empty fields and an id of their own.
        return await show(next.step ?? step)({ ...visit, values: {} }, next)
      } catch (error) {
        if (!(error instanceof Refusal) || visit.wantsJson) throw error
        return show(step)(visit, { refusal: wordsOf(error, visit) })
      }
    },
    onInvalid: (visit, errors) => show(step)(visit, { errors }),
  })

  return [
    {
      method: 'GET',
      path: '/set-up',
      permission: 'set-up',
      summary: 'Set-up: the first step that is open',
      handle: async () => ({ redirect: `/set-up/${nextStep(await readProgress(db))}` }),
    },
    {
      method: 'GET',
      path: '/set-up/probe/:nonce',
      permission: 'public',
      summary: 'Proves that an address leads to this node',
      handle: async ({ params }) => ({
        data: { answer: await answerProbe(services, (params.nonce ?? '').slice(0, 64)) },
      }),
    },
    {
      method: 'GET',
      path: '/set-up/:token',
      permission: 'public',
      summary: 'The door of set-up; opening it uses nothing up',
      handle: async (visit) => ({ page: <StartPage visit={visit} /> }),
    },
    {
      method: 'POST',
      path: '/set-up/:token',
      permission: 'public',
      summary: 'Begin or continue set-up',
      handle: (visit) => enter(context, visit),
    },
    ...(['address', 'names', 'keys', 'protection', 'administrators', dutyDesk, 'mail', 'peer', 'unsafe'] as const).map(
      page,
    ),

    form('address', 'address', inputs.address, async ({ party }) => {
      if ((await readProgress(db)).keys) throw new Refusal('set-up-founded')
      await testAddress(context, party)
      return 'address'
    }),
    form('address', 'address/accept', undefined, async () => {
      await acceptAddress(context)
      return 'names'
    }),
    form('names', 'names', names('entrance.set-up.names.one'), async (typed) => {
      if ((await readProgress(db)).keys) throw new Refusal('set-up-founded')
      await keepProgress(db, 'names', namesOf(typed))
      return 'keys'
    }),
    form('keys', 'keys', undefined, async () => {
      await foundKeys(context)
      return 'keys'
    }),
    form('keys', 'keys/read-back', inputs.readBack, async (typed) => {
      await readBackSheets(context, {
        holders: [typed['holder-1'], typed['holder-2']],
        sheets: [typed['sheet-1'], typed['sheet-2']],
      })
      return 'protection'
    }),
    form('protection', 'protection', inputs.protection, async ({ word }) => {
      await decideProtection(context, word)
      return 'administrators'
    }),
    form('protection', 'protection/later', undefined, async () => {
      await decideProtection(context, undefined)
      return 'administrators'
    }),
    form('administrators', 'administrators', inputs.administrators, async (typed) => {
      await requireFounded(context)
      const named = await nameAdministrators(context, [personOf(typed, '-1'), personOf(typed, '-2')])
      return { links: named.map(({ person, link }) => ({ name: person.name, link })) }
    }),
    form('administrators', 'link', inputs.link, async ({ person, back }) => {
      const link = await renewLink(context, person)
      const name = (
        await services.db.selectFrom('home.person').select('name').where('id', '=', person).executeTakeFirst()
      )?.name
      return { step: back, links: [{ name: name ?? person, link }] }
    }),
    form(
      dutyDesk,
      dutyDesk,
      z.intersection(names('entrance.set-up.names.one'), inputs.desk) as unknown as ZodType<
        Record<string, string> & z.infer<typeof inputs.desk>
      >,
      async (typed) => {
        await requireFounded(context)
        const { hours, deputy, telephone, ...rest } = typed
        await setDutyDesk(context, {
          office: { id: dutyDesk, name: namesOf(rest) },
          house: { hours, deputy, publicTelephone: telephone },
        })
        return dutyDesk
      },
    ),
    form(dutyDesk, `${dutyDesk}/people`, inputs.person as unknown as ZodType<Record<string, string>>, async (typed) => {
      const person = personOf(typed, '')
      const link = await addToOffice(context, { ...person, role: person.role!, office: dutyDesk })
      return { links: [{ name: person.name, link }] }
    }),
    form(dutyDesk, `${dutyDesk}/page`, inputs.idAndPerson, async (typed) => {
      await startPageTest(context, typed)
      return dutyDesk
    }),
    form('mail', 'mail/test', inputs.idAndPerson, async (typed) => {
      await sendTestMail(context, typed)
      return 'mail'
    }),
    form('mail', 'backup', undefined, async () => {
      await proveBackup(context)
      return 'mail'
    }),
    form('peer', 'peer', inputs.url, async ({ url }) => {
      await introducePeer(context, url)
      return 'peer'
    }),
    form('peer', 'peer/pin', inputs.pin, async (typed) => {
      await pinPeer(context, typed)
      return 'peer'
    }),
    form('peer', 'peer/none', undefined, async () => {
      await meetNobody(context)
      return 'unsafe'
    }),
    {
      method: 'POST',
      path: '/set-up/close',
      permission: 'set-up',
      summary: 'Set-up: end it for good',
      async handle(visit) {
        try {
          await closeSetUp(context)
          return { redirect: '/sign-in' }
        } catch (error) {
          if (!(error instanceof Refusal) || visit.wantsJson) throw error
          return show('unsafe')(visit, { refusal: wordsOf(error, visit) })
        }
      },
    },
  ]
}

async function enter(context: SetUpContext, visit: Visit): Promise<Answer> {
  try {
    const cookie = await enterSetUp(context.services, visit.params.token ?? '')
    return new Response(null, { status: 303, headers: { Location: '/set-up', 'Set-Cookie': cookie } })
  } catch (error) {
    if (!(error instanceof Refusal) || visit.wantsJson) throw error
    return { page: <StartPage visit={visit} refusal={wordsOf(error, visit)} />, status: 410 }
  }
}

async function requireFounded({ services }: SetUpContext): Promise<void> {
  if (!(await readProgress(services.db)).keys?.holders) throw new Refusal('set-up-order')
}

function namesOf(typed: Record<string, string | undefined>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(typed)
      .filter((entry): entry is [string, string] => entry[0].startsWith('name-') && Boolean(entry[1]))
      .map(([name, value]) => [name.slice('name-'.length), value]),
  )
}

function personOf(typed: Record<string, string | undefined>, suffix: string): NamedPerson {
  const value = (name: string) => typed[name + suffix]
  return {
    id: value('id')!,
    name: value('name')!,
    email: value('email'),
    language: value('language')!,
    zone: value('zone')!,
    role: value('role') as NamedPerson['role'],
  }
}

async function drawStep(context: SetUpContext, step: SetUpStep, visit: Visit, shown: Shown): Promise<VNode> {
  const { services } = context
  const progress = await readProgress(services.db)
  const props = { visit, progress, errors: shown.errors ?? {}, refusal: shown.refusal }
  switch (step) {
    case 'address':
      return <AddressPage {...props} domain={new URL(services.settings.publicUrl).hostname} />
    case 'names':
      return <NamesPage {...props} />
    case 'keys':
      return <KeysPage {...props} sheets={progress.keys && (await recoverySheets(context))} />
    case 'protection':
      return <ProtectionPage {...props} />
    case 'administrators':
      return (
        <AdministratorsPage
          {...props}
          links={shown.links}
          people={await waitingPeople(context, progress.administrators?.people ?? [])}
        />
      )
    case 'duty-desk':
      return <DutyDeskPage {...props} {...(await deskFacts(context))} links={shown.links} />
    case 'mail':
      return <MailPage {...props} {...(await mailFacts(context))} canBackUp={context.backups !== undefined} />
    case 'peer':
      return (
        <PeerPage
          {...props}
          own={await services.peers?.ownFingerprint()}
          peers={(await services.peers?.list()) ?? []}
        />
      )
    case 'unsafe':
      return <UnsafePage {...props} unsafe={await listUnsafe(context)} />
  }
}

/** Those of `people` who have not used their link. */
async function waitingPeople({ services: { db } }: SetUpContext, people: string[]) {
  if (people.length === 0) return []
  return db
    .selectFrom('home.person as p')
    .select(['p.id', 'p.name'])
    .where('p.id', 'in', people)
    .where((e) =>
      e.not(
        e.exists(
          e
            .selectFrom('home.sign_in_link as l')
            .select('l.id')
            .whereRef('l.person', '=', 'p.id')
            .where('l.used_at', 'is not', null),
        ),
      ),
    )
    .orderBy('p.name')
    .execute()
}

async function deskFacts({ services }: SetUpContext) {
  const offices = await createPeople(services).offices()
  const people = (await createPeople(services).list()).filter((person) =>
    person.offices.some((office) => office.id === dutyDesk),
  )
  return {
    office: offices.find((office) => office.id === dutyDesk),
    house: await readHouse(services.db),
    people,
    tests: await listPageTests(services),
  }
}

async function mailFacts(context: SetUpContext) {
  const { settings } = context.services
  return {
    by: settings.smtpUrl === undefined ? ('folder' as const) : ('smtp' as const),
    folder: join(settings.dataDir, 'mail'),
    people: await createPeople(context.services).list(),
    mail: await testMailState(context),
  }
}
