import { z } from 'zod'
import { addStatuses, InvalidInput, Refusal } from '../../core/http/index.ts'
import { partyName } from '../../core/module/fields.ts'
import type { Answer, Route, Services, Visit } from '../../core/module/types.ts'
import { languages } from '../../text/index.ts'
import { requireMailTakes } from './annexes.ts'
import { listDispatches, noteBounced, noteHandedOver, queueMail, sendAgain } from './dispatch/dispatches.ts'
import { listWords, noteWord, wordKinds } from './dispatch/words.ts'
import { invite, listInvitations, renewCode, withdraw } from './guests/invitations.ts'
import { listLetters } from './list-letters.ts'
import { type Letter, loadLetter } from './load-letter.ts'
import { mayLeaveBy } from './may-leave-by.ts'
import { CodePage } from './pages/code-page.tsx'
import { CorrespondencePage } from './pages/correspondence-page.tsx'
import { LettersPage } from './pages/letters-page.tsx'
import { PartyFormPage } from './pages/party-form-page.tsx'
import { findPartyOfSpace, listParties, noteParty, type WithoutNode } from './parties/party.ts'

const id = z.string().regex(/^[0-9a-f]{32}$/)
const line = (most: number) => z.string().trim().max(most).optional()
const house = z.enum(languages() as [string, ...string[]])
const nameField = (language: string) => `name-${language}`
const partyInput = z.object({
  id,
  party: partyName.max(64),
  email: z.email().max(254).optional(),
  language: house,
  ...Object.fromEntries(languages().map((one) => [nameField(one), line(200)])),
}) as unknown as z.ZodType<
  { id: string; party: string; email?: string; language: string } & Record<string, string | undefined>
>
const handInput = z.object({
  id,
  handedBy: z.string().trim().min(1).max(200),
  handedTo: z.string().trim().min(1).max(200),
  on: z.iso.date(),
})
const wordInput = z.object({
  id,
  kind: z.enum(wordKinds),
  on: z.iso.date(),
  who: line(200),
  theirRef: line(60),
  words: line(4_000),
})
const inviteInput = z.object({
  id,
  official: z.string().trim().min(1).max(200),
  address: z.email().max(254),
  language: house,
})
const bounceInput = z.object({ reason: z.string().trim().min(1).max(300) })

interface Found {
  letter: Letter
  party: WithoutNode
}

/** Letters to parties without a node: how they leave, and what we note of what becomes of them. */
export function correspondenceRoutes(services: Services): Route[] {
  addStatuses({ 'letters-on-its-way': 409, 'letters-not-by-mail': 403, 'letters-not-by-guest': 403 })
  addStatuses({ 'letters-party-has-node': 422, 'letters-invitation-over': 410, 'letters-no-address': 422 })
  addStatuses({ 'letters-files-too-large': 422 })
  const step = <I,>(route: {
    path: string
    permission: Route['permission']
    summary: string
    input?: z.ZodType<I>
    take(visit: Visit<I>, found: Found): Promise<string>
  }): Route => ({
    method: 'POST',
    ...route,
    path: `/letters/:act/${route.path}`,
    input: route.input ?? (z.object({}) as unknown as z.ZodType<I>),
    async handle(visit: Visit<I>) {
      const found = await find(services, visit)
      const notice = await route.take(visit, found)
      return back(found, notice)
    },
    onInvalid: (visit, errors) => showLetter(services, visit, errors),
  })
  return [
    {
      method: 'GET',
      path: '/letters',
      permission: 'letters:read',
      summary: 'Parties without a node, and our letters to them',
      async handle(visit) {
        const [parties, letters] = await Promise.all([listParties(services), listLetters(services, visit.viewer)])
        if (visit.wantsJson) return { data: { parties, letters } }
        return { page: <LettersPage visit={visit} parties={parties} letters={letters} /> }
      },
    },
    {
      method: 'GET',
      path: '/letters/parties',
      permission: 'letters.party:release',
      summary: 'Form for a party without a node',
      handle: (visit) => showParty(services, visit),
    },
    {
      method: 'POST',
      path: '/letters/parties',
      permission: 'letters.party:release',
      input: partyInput,
      summary: 'Note a party without a node, or its address and language',
      handle: (visit: Visit<z.infer<typeof partyInput>>) => saveParty(services, visit),
      onInvalid: (visit, errors) => showParty(services, visit, errors),
    },
    {
      method: 'GET',
      path: '/letters/:act',
      permission: 'letters:read',
      summary: 'A letter to a party without a node: how it left, and what we noted since',
      handle: (visit) => showLetter(services, visit),
    },
    step({
      path: 'mail',
      permission: 'letters.dispatch:send',
      summary: 'Send a letter as PDF to the address held for the party',
      input: z.object({ id }),
      async take({ input, viewer }, { letter, party }) {
        if (party.email === undefined) throw new Refusal('letters-no-address')
        if (!mayLeaveBy(services, letter.marking, party.party, 'mail'))
          throw new Refusal('letters-not-by-mail', { marking: letter.marking.tlp })
        requireMailTakes(services, letter.annexes)
        await queueMail(services, viewer.person, { id: input.id, act: letter.act.hash, address: party.email })
        return 'queued'
      },
    }),
    step({
      path: 'hand',
      permission: 'letters.dispatch:send',
      summary: 'Note that a letter was handed over: who, to whom, when',
      input: handInput,
      async take({ input, viewer }, { letter }) {
        requireNotLater(services, input.on)
        await noteHandedOver(services, viewer.person, { ...input, act: letter.act.hash })
        return 'handed'
      },
    }),
    step({
      path: 'dispatches/:dispatch/again',
      permission: 'letters.dispatch:send',
      summary: 'Send once more what failed or came back',
      async take({ params, viewer }, { letter }) {
        await sendAgain(services, viewer.person, await dispatchOf(services, letter, params.dispatch))
        return 'queued'
      },
    }),
    step({
      path: 'dispatches/:dispatch/bounced',
      permission: 'letters.dispatch:send',
      summary: 'Note that a mail came back',
      input: bounceInput,
      async take({ params, input }, { letter }) {
        await noteBounced(services, await dispatchOf(services, letter, params.dispatch), input.reason)
        return 'bounced'
      },
    }),
    step({
      path: 'words',
      permission: 'letters.word:draft',
      summary: 'Note what the other side did with a letter: our statement, never its act',
      input: wordInput,
      async take({ input: { id: word, ...rest }, viewer }, { letter }) {
        requireNotLater(services, rest.on)
        await noteWord(services, viewer.person, { id: word, act: letter.act.hash, word: rest })
        return 'noted'
      },
    }),
    {
      method: 'POST',
      path: '/letters/:act/invitations',
      permission: 'letters.invitation:send',
      input: inviteInput,
      summary: 'Invite a named official to read one letter; answers with the code, once',
      async handle(visit: Visit<z.infer<typeof inviteInput>>) {
        const found = await find(services, visit)
        if (!mayLeaveBy(services, found.letter.marking, found.party.party, 'guest'))
          throw new Refusal('letters-not-by-guest', { marking: found.letter.marking.tlp })
        const act = found.letter.act.hash
        const made = await invite(services, visit.viewer.person, { ...visit.input, act })
        if (!made) return back(found, 'invited-before')
        if (visit.wantsJson) return { data: { id: visit.input.id, code: made.code } }
        return { page: <CodePage visit={visit} act={act} official={visit.input.official} code={made.code} /> }
      },
      onInvalid: (visit, errors) => showLetter(services, visit, errors),
    },
    {
      method: 'POST',
      path: '/letters/:act/invitations/:invitation/code',
      permission: 'letters.invitation:send',
      input: z.object({}),
      summary: 'A new code for a guest’s link; the one before opens nothing any more',
      async handle(visit) {
        const { letter } = await find(services, visit)
        const invitation = await invitationOf(services, letter, visit.params.invitation)
        const code = await renewCode(services, visit.viewer.person, invitation.id)
        if (visit.wantsJson) return { data: { id: invitation.id, code } }
        return { page: <CodePage visit={visit} act={letter.act.hash} official={invitation.official} code={code} /> }
      },
    },
    step({
      path: 'invitations/:invitation/withdraw',
      permission: 'letters.invitation:send',
      summary: 'Withdraw an invitation; its link opens nothing any more',
      async take({ params }, { letter }) {
        await withdraw(services, (await invitationOf(services, letter, params.invitation)).id)
        return 'withdrawn'
      },
    }),
  ]
}

const back = ({ letter }: Found, notice: string): Answer => ({
  redirect: `/letters/${letter.act.hash}`,
  notice: `letters.notice.${notice}`,
  data: { act: letter.act.hash },
})

/** What happened is not noted before it happened. */
function requireNotLater({ clock }: Services, on: string): void {
  // The day may have begun in the east already.
  if (Date.parse(`${on}T00:00:00Z`) > clock.now() + 14 * 3_600_000) throw InvalidInput.at('on', 'letters.invalid.later')
}

/** @throws Refusal `not-found` unless it is a letter of ours to a party without a node that this person may read */
async function find(services: Services, { params, viewer }: Visit<unknown>): Promise<Found> {
  const letter = await loadLetter(services, viewer, { act: params.act ?? '' }, 'page')
  const party = letter.isOurs ? await findPartyOfSpace(services, letter.space.id) : undefined
  if (!party) throw new Refusal('not-found')
  return { letter, party }
}

async function dispatchOf({ db }: Services, { act }: Letter, dispatch: string | undefined): Promise<string> {
  const found = (await listDispatches(db, act.hash)).find((one) => one.id === dispatch)
  if (!found) throw new Refusal('not-found')
  return found.id
}

async function invitationOf({ db }: Services, { act }: Letter, invitation: string | undefined) {
  const found = (await listInvitations(db, act.hash)).find((one) => one.id === invitation)
  if (!found) throw new Refusal('not-found')
  return found
}

async function showLetter(services: Services, visit: Visit<unknown>, errors?: Record<string, string>): Promise<Answer> {
  const { letter, party } = await find(services, visit)
  const { hash } = letter.act
  const [peer, dispatches, words, invitations] = await Promise.all([
    services.peers.find(party.party),
    listDispatches(services.db, hash),
    listWords(services, hash),
    listInvitations(services.db, hash),
  ])
  if (visit.wantsJson && !errors) {
    const guests = invitations.map(({ token_hash: _t, code_hash: _c, ...rest }) => rest)
    return { data: { party, dispatches, words, invitations: guests } }
  }
  const ways = {
    mail: mayLeaveBy(services, letter.marking, party.party, 'mail'),
    guest: mayLeaveBy(services, letter.marking, party.party, 'guest'),
  }
  return {
    page: (
      <CorrespondencePage
        {...{ visit, letter, party, dispatches, words, invitations, ways, errors }}
        hasJoined={peer !== undefined}
      />
    ),
    status: errors ? 422 : 200,
  }
}

async function showParty(services: Services, visit: Visit<unknown>, errors?: Record<string, string>): Promise<Answer> {
  const asked = visit.query.get('party')
  const party = asked === null ? undefined : (await listParties(services)).find((one) => one.party === asked)
  return { page: <PartyFormPage visit={visit} party={party} errors={errors} />, status: errors ? 422 : 200 }
}

async function saveParty(services: Services, visit: Visit<z.infer<typeof partyInput>>): Promise<Answer> {
  const { input, viewer } = visit
  const names = Object.fromEntries(
    languages().flatMap((one) => (input[nameField(one)] ? [[one, String(input[nameField(one)])] as const] : [])),
  )
  if (names[input.language] === undefined) throw InvalidInput.at(nameField(input.language), 'letters.invalid.name')
  const { id: noted, party, email, language } = input
  const known = await noteParty(services, viewer, { id: noted, party, names, email, language })
  await services.namesChanged()
  return { redirect: '/letters', notice: 'letters.notice.party', data: { party, space: known.space } }
}
