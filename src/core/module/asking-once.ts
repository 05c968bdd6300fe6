import { once, readingOnce } from '../storage/index.ts'
import type { ActContent, Ledger, Services, SpaceFacts } from './types.ts'
import type { Marked } from '../markings/types.ts'

/**
 * The services for one reading, such as a page: what several rooms want to know of it (its spaces, the people of the
 * house, what is said in an act) is asked once. To be made for each answer anew, and only where nothing is changed.
 */
export function askingOnce(services: Services): Services {
  const db = readingOnce(services.db)
  const { peers, people, tenders, outbox } = services
  return {
    ...services,
    db,
    ledger: ledgerOnce(services, db),
    peers: { ...peers, list: () => once(db, 'peers', peers.list) },
    people: {
      ...people,
      list: () => once(db, 'people', people.list),
      offices: (also) => once(db, `offices ${also?.closed === true}`, () => people.offices(also)),
      holding: (power) => once(db, `holding ${power}`, () => people.holding(power)),
    },
    tenders: { ...tenders, waiting: () => once(db, 'tenders', tenders.waiting) },
    outbox: { ...outbox, pending: () => once(db, 'pending', outbox.pending) },
  }
}

type Filter = NonNullable<Parameters<Ledger['list']>[0]>
type Contents = Map<string, Marked<ActContent>>

function ledgerOnce({ ledger, clock }: Services, db: Services['db']): Ledger {
  const { list, find } = spacesOnce(ledger, db)
  return {
    ...ledger,
    list,
    find,
    findAct: (hash) => once(db, `act ${hash}`, () => ledger.findAct(hash)),
    content: contentsOnce(ledger),
    // Only a drill has a clock of its own.
    scenarioNow: async (space) =>
      typeof space !== 'string' && !space.drill
        ? clock.now()
        : once(db, `scenario ${typeof space === 'string' ? space : space.id}`, () => ledger.scenarioNow(space)),
  }
}

/** What a list told already is not asked again by name, kind or id. */
function spacesOnce(ledger: Ledger, db: Services['db']): Pick<Ledger, 'list' | 'find'> {
  const lists = new Map<string, Promise<SpaceFacts[]>>()
  const here = new Map<string, SpaceFacts>()
  const questionOf = ({ kind, member, among }: Filter) => JSON.stringify([kind, member, among])
  const ask = (filter: Filter) => {
    const asked = lists.get(questionOf(filter))
    if (asked) return asked
    const list = ledger.list(filter).then((spaces) => {
      for (const space of spaces) here.set(space.id, space)
      return spaces
    })
    lists.set(questionOf(filter), list)
    return list
  }
  return {
    async list(filter = {}) {
      const { kind, member, among } = filter
      const ofAnyKind = lists.get(questionOf({ member }))
      // That list leaves out registers and nothing else.
      if (kind && kind !== 'register' && !among && ofAnyKind)
        return (await ofAnyKind).filter((one) => one.kind === kind)
      if (!among || kind || member !== undefined) return ask(filter)
      await Promise.all(lists.values())
      const others = among.filter((id) => !here.has(id))
      if (others.length > 0) await ask({ among: others })
      return among.flatMap((id) => here.get(id) ?? []).toSorted((a, b) => b.time - a.time || (a.id < b.id ? -1 : 1))
    },
    async find(space) {
      await Promise.all(lists.values())
      return here.get(space) ?? once(db, `space ${space}`, () => ledger.find(space))
    },
  }
}

function contentsOnce(ledger: Ledger): Ledger['content'] {
  const asked = new Map<string, Promise<Contents>>()
  return async (hashes) => {
    const fresh = new Set(hashes.filter((hash) => !asked.has(hash)))
    if (fresh.size > 0) {
      const answer = ledger.content([...fresh])
      for (const hash of fresh) asked.set(hash, answer)
    }
    const answers = await Promise.all(new Set(hashes.map((hash) => asked.get(hash) as Promise<Contents>)))
    const all = new Map(answers.flatMap((one) => [...one]))
    return new Map(
      hashes.flatMap((hash) => {
        const content = all.get(hash)
        return content ? [[hash, content] as const] : []
      }),
    )
  }
}
