import { openHouse } from '../../app/open-house.ts'
import { type Command, Misuse, settingsOf } from '../command.ts'
import { askedSecret } from '../question.ts'

/** Lists, introduces and pins peers from the command line. */
export const peer: Command = {
  name: 'peer',
  summary: 'List peers, introduce one by its address, or pin one whose fingerprint was compared.',
  usage: 'list | introduce <url> | pin <party> --fingerprint <digits> --by <name> [--how voice] | fingerprint',
  takesSettings: true,
  options: {
    fingerprint: { type: 'string', help: 'the digits the other side read to you' },
    by: { type: 'string', help: 'who compared them' },
    how: { type: 'string', help: 'voice, in-person or document (default voice)' },
  },
  async run(call) {
    const [verb = 'list', subject] = call.words
    const house = await openHouse(await settingsOf(call, { listens: false }), askedSecret)
    const { peers } = house.node.services
    try {
      if (verb === 'list') {
        const list = await peers.list()
        for (const one of list) call.say(`${one.party}  ${one.state}  ${one.url}  ${one.fingerprint}`)
        call.tell(list)
      } else if (verb === 'fingerprint') {
        const digits = await peers.ownFingerprint()
        call.say(digits)
        call.tell({ party: house.node.services.party, fingerprint: digits })
      } else if (verb === 'introduce' && subject !== undefined) {
        const met = await peers.introduce(subject)
        call.say(`${met.party} says its fingerprint is ${met.fingerprint}. Compare it by voice before you pin it.`)
        call.tell(met)
      } else if (verb === 'pin' && subject !== undefined) {
        const { fingerprint, by, how = 'voice' } = call.options
        if (typeof fingerprint !== 'string' || typeof by !== 'string')
          throw new Misuse('Pinning needs --fingerprint <digits> and --by <name of the person who compared them>.')
        const pinned = await peers.pin(subject, { person: by, how: String(how), fingerprint })
        call.say(`${pinned.party} is pinned.`)
        call.tell(pinned)
      } else throw new Misuse(`chancery peer ${peer.usage}`)
    } finally {
      await house.close()
    }
    return 0
  },
}
