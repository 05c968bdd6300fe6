import type { House } from '../app/open-house.ts'
import { changeMembers, loadMembership } from '../modules/spaces/index.ts'
import { newId } from '../protocol/index.ts'
import { type Call, Misuse } from './command.ts'
import { personNamed } from './person-named.ts'

export const membershipVerbs = ['members', 'admit', 'agree', 'veto', 'leave', 'remove'] as const
type Verb = (typeof membershipVerbs)[number]

export const isMembershipVerb = (verb: string): verb is Verb => membershipVerbs.some((one) => one === verb)

/** `chancery space members|admit|agree|veto|leave|remove`: the steps of the members page, for a person named with --by. */
export async function runMembershipVerb(call: Call, house: House, verb: Verb): Promise<void> {
  const { services } = house.node
  const [, id = '', subject = ''] = call.words
  const space = await services.ledger.find(id)
  if (!space) throw new Misuse(`There is no space ${id} here.`)
  const viewer = await personNamed(house, call.options.by)
  if (verb === 'members') {
    const { way, awaited, windows } = await loadMembership(services, viewer, space)
    for (const { party, role, since, until } of space.members)
      call.say(`${party}  ${role}  from entry ${since}${until === undefined ? '' : ` to entry ${until}`}`)
    for (const one of awaited) call.say(`asked: ${one.party}, signed by ${one.agreedBy.join(', ')}: ${one.act.hash}`)
    for (const one of windows) call.say(`window: ${one.party}, ${one.state}: ${one.proposal}`)
    call.tell({ members: space.members, way, awaited, windows })
    return
  }
  const needed = verb === 'veto' ? 'spaces.admission-vetoed:send' : 'spaces.open:manage'
  if (!viewer.may(needed)) throw new Misuse(`${viewer.person.name} does not hold the power ${needed}.`)
  const change = { services, viewer, space, id: newId() }
  const { role, within, reason } = call.options
  const done = await changeMembers(change, {
    verb,
    subject,
    role: role === 'observer' ? 'observer' : 'member',
    ...(typeof within === 'string' && { within }),
    ...(typeof reason === 'string' && { reason }),
  })
  call.say(done.withoutEffect ? `${done.state}: ${done.withoutEffect}` : done.state)
  call.tell(done)
}
