import { openHouse } from '../../app/open-house.ts'
import { readFileSync, writeFileSync } from 'node:fs'
import { type OtherUse, otherUses } from '../../core/identity/index.ts'
import {
  agreeKeyRequest,
  askKeyRequest,
  didText,
  findKeyRequest,
  type KeyOverview,
  type KeyRequest,
  recoverAsAgreed,
  refuseKeyRequest,
  revocationReasons,
} from '../../core/keys/index.ts'
import { Refusal } from '../../core/http/index.ts'
import { newId } from '../../protocol/index.ts'
import { type Call, type Command, Misuse, settingsOf } from '../command.ts'
import { givenSecret, newSecretOptions } from '../new-secret.ts'
import { askedSecret, questionedPassphrase } from '../question.ts'

/** The party's keys, for the person at the machine. */
export const keys: Command = {
  name: 'keys',
  summary: 'List, replace, revoke, recover and protect the keys of the party.',
  usage:
    'list | rotate [--with node,cosigner,sealing] | rotate-host | revoke|recover --reason <code> --by <name> | ' +
    'agree|refuse <request> --by <name> | carry-out <request> --by <name> --sheet-file <file> | ' +
    'did [--out <file>] | protect [--new-key-file <file> | --new-passphrase-file <file> | --new-passphrase-fd <n> | --none]',
  takesSettings: true,
  options: {
    with: { type: 'string', help: 'keys replaced together with the act key: node,cosigner,sealing' },
    reason: { type: 'string', help: `why: ${revocationReasons.join(', ')}` },
    by: { type: 'string', help: 'the administrator who decides; revocation and recovery need two' },
    'sheet-file': { type: 'string', help: 'file with the recovery sheet as printed; delete it afterwards' },
    out: { type: 'string', help: 'did: where the file did.jsonl is written, for a web server of the domain' },
    ...newSecretOptions,
    none: { type: 'boolean', help: 'protect: keep the keys in the clear' },
  },
  async run(call) {
    const [verb = 'list', id] = call.words
    const act = Object.hasOwn(verbs, verb) ? verbs[verb] : undefined
    if (!act) throw new Misuse(`chancery keys ${keys.usage}`)
    const house = await openHouse(await settingsOf(call, { listens: false }), askedSecret)
    try {
      await act(call, house.node, id)
      return 0
    } finally {
      await house.close()
    }
  },
}

type Node = Awaited<ReturnType<typeof openHouse>>['node']
type Verb = (call: Call, node: Node, id?: string) => Promise<void>

const verbs: Record<string, Verb> = {
  list,
  async rotate(call, { services }) {
    await services.keys.rotate({ others: othersOf(call) })
    await say(call, services, 'The act key was replaced.')
  },
  async 'rotate-host'(call, { services }) {
    await services.keys.rotateHost()
    await say(call, services, 'The host key was replaced.')
  },
  revoke: (call, node) => ask(call, node, 'revoke'),
  recover: (call, node) => ask(call, node, 'recover'),
  async agree(call, node, id) {
    const request = await agreeKeyRequest(node.services, { id: idOf(id), by: await personOf(call, node) })
    const done = request.kind === 'revoke'
    await say(
      call,
      node.services,
      done
        ? 'Agreed: the key is revoked from here on, and the next one has taken its place.'
        : `Agreed. Now one of the two types a sheet: chancery keys carry-out ${request.id} --by <name> --sheet-file <file>`,
    )
  },
  async refuse(call, node, id) {
    await refuseKeyRequest(node.services, { id: idOf(id), by: await personOf(call, node) })
    await say(call, node.services, 'The request was turned down.')
  },
  async 'carry-out'(call, node, id) {
    const file = call.options['sheet-file']
    if (typeof file !== 'string') throw new Misuse('Name the file with the sheet: --sheet-file <file>')
    const sheet = readFileSync(file, 'utf8')
    await recoverAsAgreed(node.services, { id: idOf(id), by: await personOf(call, node), sheet })
    await say(call, node.services, 'Recovered: every act key so far has ended, and a new one has begun.')
  },
  did: publish,
  async protect(call, { services }) {
    const secret = call.options.none === true ? undefined : (givenSecret(call) ?? (await questionedPassphrase()))
    await services.keys.protect(secret)
    await say(
      call,
      services,
      secret
        ? `The keys are protected by a ${secret.kind === 'passphrase' ? 'passphrase' : 'key file'} from now on. ` +
            'The node needs it at every start. Backups made before still hold the keys in the clear.'
        : 'The keys lie in the clear from now on: whoever can read the folder can sign as this party.',
    )
    call.say('A node that runs goes on with what it holds, and changes no key until it was started again.')
  },
}

async function list(call: Call, { services }: Node): Promise<void> {
  const overview = await services.keys.overview()
  const request = await findKeyRequest(services.db)
  for (const line of overviewLines(overview)) call.say(line)
  if (request) call.say(await waitingLine(services, request))
  call.tell({ ...overview, request: request ?? null })
}

async function publish(call: Call, { services }: Node): Promise<void> {
  const published = await services.keys.did()
  if (!published) throw new Refusal('keys.no-did')
  const { did, isCurrent } = published
  const text = didText(published)
  const { out } = call.options
  if (typeof out === 'string') {
    writeFileSync(out, text)
    call.say(`${did} was written to ${out}.`)
    call.say(`It belongs at https://${services.party}/.well-known/did.jsonl; this node serves it there by itself.`)
  } else call.say(text.trimEnd())
  if (!isCurrent) call.say('It could not follow a recovery and shows former keys: see docs/operate/keys.md.')
  call.tell({ ...published, text })
}

/** Who asked for what, and what is to be done next. */
async function waitingLine({ people }: Node['services'], request: KeyRequest): Promise<string> {
  const { kind, id, askedBy, agreedBy } = request
  const names = new Map((await people.list()).map((person) => [person.id, person.name]))
  const asked = `Waits: ${kind}, asked by ${names.get(askedBy) ?? askedBy}`
  return agreedBy === undefined
    ? `${asked}: chancery keys agree ${id} --by <name>`
    : `${asked}, agreed by ${names.get(agreedBy) ?? agreedBy}: chancery keys carry-out ${id} --by <name> --sheet-file <file>`
}

function overviewLines({
  protection,
  keys: listed,
  events,
  room,
  underWay,
  behind,
  recoveryKeys,
}: KeyOverview): string[] {
  const words = {
    none: 'by nothing: they lie in the clear',
    passphrase: 'by a passphrase',
    'key-file': 'by a key file',
  }
  return [
    `The keys are protected ${words[protection]}.`,
    ...inOrder(listed).map(
      ({ use, fingerprint, state, from }) =>
        `${use.padEnd(9)} ${state.padEnd(8)} ${fingerprint}${from === undefined ? '' : `  from register entry ${from}`}`,
    ),
    ...events.map(
      ({ index, kind, time, reason }) =>
        `entry ${index}  ${new Date(time).toISOString()}  ${kind}${reason === undefined ? '' : ` (${reason})`}`,
    ),
    `${recoveryKeys} recovery sheets are unused; ${room.used} of ${room.most} changes of keys are used.`,
    ...(underWay ? [`A change is under way (${underWay.kind}${underWay.waits ? `: ${underWay.waits}` : ''}).`] : []),
    ...behind.map(({ space, state }) => `Space ${space} does not count the newest key yet (${state}).`),
  ]
}

/** What is in use first. */
function inOrder(listed: KeyOverview['keys']): KeyOverview['keys'] {
  const places = ['current', 'next', 'former']
  return listed.toSorted((a, b) => places.indexOf(a.state) - places.indexOf(b.state))
}

async function ask(call: Call, node: Node, kind: 'revoke' | 'recover'): Promise<void> {
  const reason = call.options.reason
  if (!revocationReasons.some((one) => one === reason)) throw new Misuse(`--reason ${revocationReasons.join('|')}`)
  const request = { id: newId(), kind, reason: String(reason), others: othersOf(call), by: await personOf(call, node) }
  await askKeyRequest(node.services, request)
  call.say(`Asked. A second administrator agrees: chancery keys agree ${request.id} --by <name>, or on the page Keys.`)
  call.tell({ request: request.id })
}

async function say(call: Call, services: Node['services'], sentence: string): Promise<void> {
  const { behind, underWay } = await services.keys.overview()
  call.say(sentence)
  for (const { space, state } of behind) call.say(`Space ${space} does not count it yet (${state}).`)
  call.tell({ done: sentence, behind, underWay: underWay ?? null })
}

function othersOf(call: Call): OtherUse[] {
  const words = typeof call.options.with === 'string' ? call.options.with.split(',') : []
  return words.map((word) => {
    const use = otherUses.find((one) => one === word.trim())
    if (!use) throw new Misuse(`--with takes ${otherUses.join(', ')}`)
    return use
  })
}

/** An administrator by name or address. */
async function personOf(call: Call, { services }: Node): Promise<string> {
  const allowed = new Set(await services.people.holding('keys:manage'))
  const people = (await services.people.list()).filter(({ id }) => allowed.has(id))
  const found = people.find(({ id, name, email }) => [id, name, email].includes(String(call.options.by)))
  if (!found) throw new Misuse(`--by names an administrator: ${people.map(({ name }) => name).join(', ')}`)
  return found.id
}

function idOf(id: string | undefined): string {
  if (id === undefined) throw new Misuse('Name the request: chancery keys list shows it.')
  return id
}
