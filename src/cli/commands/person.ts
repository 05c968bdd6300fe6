import { openNodeDatabase } from '../../app/start-node.ts'
import { issueSignInLink } from '../../core/auth/index.ts'
import { createLogger, systemClock } from '../../core/config/index.ts'
import type { Settings } from '../../core/config/types.ts'
import type { Db } from '../../core/storage/types.ts'
import { newId } from '../../protocol/index.ts'
import { type Command, Misuse, settingsOf } from '../command.ts'

/** People of a node, for the person at the machine: a way back in when nobody can sign in any more. */
export const person: Command = {
  name: 'person',
  summary: 'List the people of a node, or make some of them a single-use sign-in link each.',
  usage: 'list | link <name> [<name> …]',
  takesSettings: true,
  async run(call) {
    const [verb = 'list', ...names] = call.words
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
      const found = names.flatMap((name) => people.find((one) => one.name === name || one.id === name) ?? [])
      if (verb !== 'link' || names.length === 0 || found.length < names.length)
        throw new Misuse(`chancery person ${person.usage}; there is: ${people.map((one) => one.name).join(', ')}`)
      const links = await makeLinks(database.db, settings, found)
      for (const { name, url } of links) call.say(`${name}: ${url}`)
      call.tell(links)
    } finally {
      await database.close()
    }
    return 0
  },
}

interface Named {
  id: string
  name: string
}

/** One link for each of them, or for nobody. */
function makeLinks(db: Db, settings: Settings, people: readonly Named[]): Promise<{ name: string; url: string }[]> {
  const context = { party: '', settings, clock: systemClock, log: createLogger({ level: 'error' }), db }
  return db.transaction().execute(async (tx) => {
    const links: { name: string; url: string }[] = []
    for (const { id, name } of people) {
      const link = await issueSignInLink(context, tx, { id: newId(), person: id, purpose: 'first', by: 'operator' })
      if (!link) throw new Misuse(`${name} got no link.`)
      links.push({ name, url: link.url })
    }
    return links
  })
}
