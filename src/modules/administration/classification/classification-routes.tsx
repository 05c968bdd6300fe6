import { z } from 'zod'
import { audit, changePerson, readClassification, writeHouse } from '../../../core/auth/index.ts'
import { InvalidInput, Refusal } from '../../../core/http/index.ts'
import type { Classification } from '../../../core/markings/index.ts'
import type { Answer, Route, Visit } from '../../../core/module/types.ts'
import { ClassificationPage } from './classification-page.tsx'
import { readEquivalences, readGroups, readLadder } from './read-lines.ts'
import { listSpills, purgeSpill } from './spills.ts'
import { SpillsPage } from './spills-page.tsx'

const lines = z.string().max(60_000).default('')
const ladderInput = z.object({ ladder: lines, accredited: z.string().max(64).default('') })
const clearanceInput = z.object({ person: z.string().min(1).max(64), clearance: z.string().max(64).default('') })

type Change = (rules: Classification, visit: Visit<any>) => Classification

/** What the house says of classification, and what came in above it. */
export const classificationRoutes: readonly Route[] = [
  {
    method: 'GET',
    path: '/classification',
    permission: 'classification:manage',
    summary: 'The party’s own ladder, the ceiling of this node, equivalences, groups and clearances',
    handle: (visit) => showRules(visit),
  },
  list('ladder', ladderInput, 'Set the ladder, lowest first, and the level this node is accredited for', setLadder),
  list(
    'equivalences',
    z.object({ equivalences: lines }),
    'Set what levels of other parties are handled as',
    (rules, { input, services }) => ({
      ...rules,
      equivalences: readEquivalences(input.equivalences, rules, services.party),
    }),
  ),
  list(
    'groups',
    z.object({ groups: lines }),
    'Set the groups of parties something can be released to',
    (rules, { input }) => ({
      ...rules,
      groups: readGroups(input.groups),
    }),
  ),
  {
    method: 'POST',
    path: '/classification/clearances',
    permission: 'classification:manage',
    input: clearanceInput,
    summary: 'Clear a person up to a level of the ladder',
    handle: clear,
  },
  {
    method: 'GET',
    path: '/spills',
    permission: 'spills:manage',
    summary: 'What came in above the accredited ceiling, and what is to be done',
    handle: showSpills,
  },
  {
    method: 'POST',
    path: '/spills/:act/purge',
    permission: 'spills:manage',
    summary: 'Destroy words and files of a spilled act on this node',
    handle: purge,
  },
]

function list(name: string, input: z.ZodType, summary: string, change: Change): Route {
  return {
    method: 'POST',
    path: `/classification/${name}`,
    permission: 'classification:manage',
    input,
    summary,
    async handle(visit: Visit<any>) {
      const { services, viewer } = visit
      await services.db.transaction().execute(async (tx) => {
        const classification = change(await readClassification(tx), visit)
        await writeHouse(tx, { classification })
        await audit(tx, { at: services.clock.now(), person: viewer.person.id, what: `classification-${name}-set` })
      })
      return { redirect: `/classification#${name}`, data: { set: name } }
    },
    onInvalid: (visit, errors) => showRules(visit, errors),
  }
}

/** A level that others are measured by stays as long as they are. */
function setLadder(rules: Classification, { input, services }: Visit<z.infer<typeof ladderInput>>): Classification {
  const ladder = readLadder(input.ladder, services.party)
  const has = (level: string) => ladder.some(({ id }) => id === level)
  const orphan = rules.equivalences.find(({ ours }) => !has(ours))
  if (orphan)
    throw InvalidInput.at('ladder', 'administration.classification.invalid.still-used', { level: orphan.ours })
  if (input.accredited !== '' && !has(input.accredited))
    throw InvalidInput.at('accredited', 'administration.classification.invalid.not-ours-ceiling')
  const { accredited: _, ...rest } = rules
  return { ...rest, ladder, ...(input.accredited !== '' && { accredited: input.accredited }) }
}

async function clear({ services, viewer, input }: Visit<z.infer<typeof clearanceInput>>): Promise<Answer> {
  await services.db.transaction().execute(async (tx) => {
    const { ladder } = await readClassification(tx)
    if (input.clearance !== '' && !ladder.some(({ id }) => id === input.clearance)) throw new Refusal('not-found')
    // Nobody clears themselves.
    if (input.person === viewer.person.id) throw new Refusal('not-permitted')
    await changePerson(services, tx, { id: input.person, clearance: input.clearance || null, by: viewer.person.id })
  })
  return { redirect: '/classification#clearances', data: { person: input.person } }
}

async function showRules(visit: Visit<any>, errors: Record<string, string> = {}): Promise<Answer> {
  const { db } = visit.services
  const [rules, people] = await Promise.all([
    readClassification(db),
    db
      .selectFrom('home.person')
      .select(['id', 'name', 'clearance'])
      .where('ended_at', 'is', null)
      .orderBy('name')
      .execute(),
  ])
  if (visit.wantsJson) return { data: JSON.parse(JSON.stringify(rules)) }
  return {
    page: <ClassificationPage visit={visit} rules={rules} people={people} errors={errors} />,
    ...(Object.keys(errors).length > 0 && { status: 422 }),
  }
}

async function showSpills(visit: Visit): Promise<Answer> {
  const spills = await listSpills(visit.services)
  const [spaces, people] = await Promise.all([
    visit.services.ledger.list({ among: [...new Set(spills.map(({ space }) => space))] }),
    visit.services.people.list(),
  ])
  return {
    page: (
      <SpillsPage
        visit={visit}
        spills={spills}
        spaces={new Map(spaces.map((one) => [one.id, one]))}
        nameOf={(person) => people.find(({ id }) => id === person)?.name ?? person}
      />
    ),
  }
}

async function purge(visit: Visit): Promise<Answer> {
  const { services, viewer, params } = visit
  await purgeSpill(services, viewer, params.act ?? '')
  return {
    redirect: '/spills',
    data: { act: params.act ?? '' },
    notice: visit.t('administration.spills.purged-notice'),
  }
}
