import { openNodeDatabase } from '../../app/start-node.ts'
import { issueSignInLink } from '../../core/auth/index.ts'
import { createLogger, systemClock } from '../../core/config/index.ts'
import { newId } from '../../protocol/index.ts'
import { type Command, Misuse, settingsOf } from '../command.ts'

/** People of a node, for the person at the machine: a way back in when nobody can sign in any more. */
export const person: Command = {
  name: 'person',
  summary: 'List the people of a node, or make one of them a single-use sign-in link.',
  usage: 'list | link <name>',
  takesSettings: true,
  async run(call) {
    const [verb = 'list', name] = call.words
    const settings = await settingsOf(call, { listens: false })
    const database = await openNodeDatabase(settings)
    try {
      const people = await database.db
        .selectFrom('home.person')
        .select(['id', 'name'])
        .where('ended_at', 'is', null)
        .orderBy('name')
        .execute()
      if (verb === 'list') {
        for (const one of people) call.say(one.name)
        call.tell(people)
        return 0
      }
      const found = people.find((one) => one.name === name || one.id === name)
      if (verb !== 'link' || !found)
        throw new Misuse(`chancery person ${person.usage}; there is: ${people.map((one) => one.name).join(', ')}`)
      const link = await database.db
        .transaction()
        .execute((tx) =>
          issueSignInLink(
            { party: '', settings, clock: systemClock, log: createLogger({ level: 'error' }), db: database.db },
            tx,
            { id: newId(), person: found.id, purpose: 'first', by: 'operator' },
          ),
        )
      if (!link) throw new Misuse(`${found.name} got no link.`)
      call.say(`${found.name}: ${link.url}`)
      call.tell({ name: found.name, url: link.url })
    } finally {
      await database.close()
    }
    return 0
  },
}
