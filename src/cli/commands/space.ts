import { newId } from '../../protocol/index.ts'
import type { NewSpace, Services } from '../../core/module/types.ts'
import { openHouse } from '../../app/open-house.ts'
import { isMembershipVerb, runMembershipVerb } from '../change-members.ts'
import { runHandOver } from '../hand-over.ts'
import { type Call, type Command, Misuse, settingsOf } from '../command.ts'
import { askedSecret } from '../question.ts'

/** Lists the spaces of a node and shows the acts of one. */
export const space: Command = {
  name: 'space',
  summary:
    'List spaces, show the entries of one, open one, change its members or who orders it, or replay all views from the logs.',
  usage:
    'list | show <space> | open --title <text> --with <party,party> [--sealed] [--host <party>] | rebuild | members <space> --by <name> | admit <space> <party> --by <name> [--role observer] [--within PT24H --reason <words>] | agree <space> <act> --by <name> | veto <space> <proposal> --by <name> --reason <words> | leave <space> --by <name> | remove <space> <party> --by <name> | hand-over <space> --by <name> [--to <party> | --release <draft>]',
  takesSettings: true,
  options: {
    title: { type: 'string', help: 'its title, in English' },
    with: { type: 'string', help: 'the other members, with commas between' },
    kind: { type: 'string', help: 'channel, case or forum (default channel)' },
    purpose: { type: 'string', help: 'what it is for (default: its title)' },
    office: { type: 'string', help: 'the office that opens it (default records)' },
    sealed: { type: 'boolean', help: 'what is said is encrypted for its members' },
    host: { type: 'string', help: 'the party that orders it; no member needs --sealed' },
    to: { type: 'string', help: 'the party that is to order it; our own party offers to' },
    release: { type: 'string', help: 'the draft that a second person releases' },
    by: { type: 'string', help: 'name of the person of this house who does it' },
    role: { type: 'string', help: 'of whom is taken in: member or observer (default member)' },
    within: { type: 'string', help: 'how long members may object first, e.g. PT24H' },
    reason: { type: 'string', help: 'why; all members read it' },
  },
  async run(call) {
    const [verb = 'list', subject] = call.words
    const house = await openHouse(await settingsOf(call, { listens: false }), askedSecret)
    const { ledger, services } = house.node
    try {
      if (verb === 'list') {
        const list = await ledger.list()
        for (const one of list)
          call.say(
            `${one.id}  ${one.kind.padEnd(10)} ${String(one.size).padStart(6)} entries  host ${one.host}  ${one.title.en ?? Object.values(one.title)[0]}`,
          )
        call.tell(list)
      } else if (verb === 'show' && subject !== undefined) {
        const found = await ledger.find(subject)
        if (!found) throw new Misuse(`There is no space ${subject} here.`)
        const acts = await ledger.acts(subject)
        for (const act of acts)
          call.say(
            `${String(act.index).padStart(5)}  ${new Date(act.time).toISOString()}  ${act.statement.author}  ${act.statement.type}${act.withoutEffect ? ` (without effect: ${act.withoutEffect})` : ''}`,
          )
        call.tell({ ...found, acts })
      } else if (isMembershipVerb(verb)) {
        await runMembershipVerb(call, house, verb)
      } else if (verb === 'hand-over') {
        await runHandOver(call, house)
      } else if (verb === 'open') {
        await openFrom(call, services)
      } else if (verb === 'rebuild') {
        await ledger.rebuildViews()
        call.say(`All views of ${services.party} were replayed from the logs.`)
        call.tell({ rebuilt: true })
      } else throw new Misuse(`chancery space ${space.usage}`)
    } finally {
      await house.close()
    }
    return 0
  },
}

const openable = ['channel', 'case', 'forum'] as const

/** Opens a space here, or signs its opening and carries it to the party that is to order it. */
async function openFrom({ options, say, tell }: Call, { ledger, outbox, party }: Services): Promise<void> {
  const { title, purpose, office = 'records', kind: asked = 'channel', sealed, host } = options
  const members = typeof options.with === 'string' ? options.with.split(',').map((one) => one.trim()) : []
  const kind = openable.find((one) => one === asked)
  if (typeof title !== 'string' || members.length === 0 || !kind) throw new Misuse(`chancery space ${space.usage}`)
  const opening: NewSpace = {
    id: newId(),
    kind,
    title: { en: title },
    purpose: typeof purpose === 'string' ? purpose : title,
    office: String(office),
    members: members.map((member) => ({ party: member, role: 'member' })),
    ...(sealed ? { sealed: true } : {}),
    ...(typeof host === 'string' && host !== party ? { host } : {}),
  }
  const { id } = opening
  if (opening.host === undefined) {
    await ledger.open(opening)
    say(`${id} is open.`)
    tell({ id, state: 'on-record' })
    return
  }
  const sent = await outbox.open(opening)
  if (sent.state === 'refused') throw new Error(`${host} refused: ${sent.rule} (${sent.detail})`)
  say(sent.state === 'on-record' ? `${id} is open; ${host} orders it.` : `${id} is signed and waits for ${host}.`)
  tell({ id, state: sent.state })
}
