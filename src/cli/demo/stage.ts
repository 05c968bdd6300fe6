import type { PartyKey, RoleKey } from './parties.ts'
import { type Person, type SeenPage, type Typed, until } from './person.ts'

/** The five steps of the practice, what comes before, beside and after them. */
export const steps = [
  'before',
  'communication',
  'talks',
  'home',
  'forum',
  'norms',
  'cooperation',
  'recovery',
  'checks',
  'dossier',
  'secretariat',
] as const
export type Step = (typeof steps)[number]

export interface Beat {
  step: Step
  /** One sentence: who did what. */
  line: string
  /** Scenario time where the beat has one, ms. */
  scenario?: number
}

/** What the case is played on: addresses and people, nothing else. */
export interface Stage {
  people: Record<RoleKey, Person>
  /** Where each node answers other nodes. */
  peerUrls: Record<PartyKey, string>
  /** Tells a beat; called once per beat. */
  tell(beat: Beat): void
}

interface ApiAct {
  hash: string
  index: number
  type: string
  author: string
  /** How far it has come: on the record, witnessed, confirmed by all. */
  state: string
  time?: string
  scenarioTime?: string
}

/** Acts of a space as the node of this person has them. */
export async function actsOf(person: Person, space: string): Promise<ApiAct[]> {
  const answer = await person.read<{ acts: ApiAct[] } | ApiAct[]>(`/api/v1/spaces/${space}/acts`)
  return Array.isArray(answer) ? answer : answer.acts
}

/** Waits until the newest act of a type by an author is on this person's node; `after` skips known ones. */
export async function awaitAct(
  person: Person,
  space: string,
  wanted: { type: string; author?: string; count?: number },
): Promise<ApiAct> {
  return until(`${person.name} to see ${wanted.type} of ${wanted.author ?? 'anybody'}`, async () => {
    const acts = await actsOf(person, space).catch(() => [])
    const found = acts.filter((act) => act.type === wanted.type && (!wanted.author || act.author === wanted.author))
    return found.length >= (wanted.count ?? 1) ? found.at(-1) : undefined
  })
}

/** How many acts of a type by an author there are: whoever waits for the next one says how many came before. */
export async function countActs(person: Person, space: string, wanted: { type: string; author: string }) {
  const acts = await actsOf(person, space)
  return acts.filter(({ type, author }) => type === wanted.type && author === wanted.author).length
}

/** Waits until this person's page says that the others hold an act: a decision or an agreement rests on it. */
export async function awaitWitnessed(person: Person, space: string, { hash, index }: ApiAct): Promise<void> {
  await until(`${person.name} to see entry ${index} witnessed`, async () => {
    const acts = await actsOf(person, space).catch(() => [])
    const state = acts.find((act) => act.hash === hash)?.state
    return state === 'witnessed' || state === 'confirmed-by-all'
  })
}

/** Writes one act with its form: opens it, fills it in, lands on its review. */
export async function write(person: Person, space: string, type: string, typed: Typed, query = ''): Promise<SeenPage> {
  await person.open(`/spaces/${space}/write/${type}${query}`)
  return person.send(`/write/${type}`, typed)
}

/** Id of the draft a review page is about. */
export function draftOf(page: SeenPage): string {
  const found = /\/drafts\/([0-9a-f]{32})/.exec(page.path)?.[1]
  if (!found) throw new Error(`${page.path} is no page of a draft`)
  return found
}

/**
 * Hands a draft to the second person, who releases it after seeing the review.
 * `alone`: the act needs nobody else and the drafter may send it.
 */
export async function release(
  by: { drafter: Person; releaser: Person },
  review: SeenPage,
  { alone = false }: { alone?: boolean } = {},
): Promise<void> {
  const draft = draftOf(review)
  await by.drafter.send(`/drafts/${draft}/submit`)
  if (alone) return
  await by.releaser.open(`/drafts/${draft}/review`)
  await by.releaser.send(`/drafts/${draft}/release`)
}

const drillName = 'MERIDIAN DAWN'

/** Opens a space of the exercise with its form; returns its id once this person's node has it. */
export async function openSpace(person: Person, typed: Typed, query = ''): Promise<string> {
  const { forms } = await person.open(`/spaces/open${query}`)
  const opening = forms.find(({ action }) => action.endsWith('/spaces/open'))
  const page = await person.send('/spaces/open', { drill: 'yes', drillName, zone: 'Etc/UTC', ...typed })
  const opened = /\/spaces\/([0-9a-f]{32})/.exec(page.path)?.[1]
  if (opened) return opened
  const signed = page.path === '/spaces' ? opening?.fields.id?.[0] : undefined
  if (!signed) throw new Error(`${person.name} opened a space and landed on ${page.path}: ${page.text.slice(0, 600)}`)
  // Another party orders it, and on a slow line has not answered yet.
  await seeSpace(person, signed)
  return signed
}

/** Waits until this person's node has the space. */
export async function seeSpace(person: Person, space: string): Promise<void> {
  await until(`${person.name} to see the space`, async () => (await person.open(`/spaces/${space}`)).status === 200)
}

/** Sets the exercise's clock of a space; it stands still unless a rate is given. */
export async function setClock(person: Person, space: string, scenario: string, rate = '0'): Promise<void> {
  await person.open(`/spaces/${space}/clock`)
  await person.send(`/spaces/${space}/clock`, { scenario, rate })
}

/** Moves the exercise's clock on; what was held is signed. */
export async function letTimePass(director: Person, space: string, duration = 'PT10M'): Promise<void> {
  await director.open(`/spaces/${space}/clock`)
  await director.send(`/spaces/${space}/clock`, { advance: duration, rate: '0' })
}

/** Presses one of the buttons of an act in its timeline. */
export async function press(person: Person, space: string, form: string): Promise<SeenPage> {
  await until(`the button ${form} on ${person.name}'s page`, async () => {
    const page = await person.open(`/spaces/${space}`)
    return page.forms.some((one) => one.action.endsWith(form))
  })
  return person.send(form)
}
