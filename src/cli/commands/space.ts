import { openHouse } from '../../app/open-house.ts'
import { type Command, Misuse, settingsOf } from '../command.ts'

/** Lists the spaces of a node and shows the acts of one. */
export const space: Command = {
  name: 'space',
  summary: 'List spaces, show the entries of one, or replay all views from the logs.',
  usage: 'list | show <space> | rebuild',
  takesSettings: true,
  async run(call) {
    const [verb = 'list', subject] = call.words
    const house = await openHouse(await settingsOf(call, { listens: false }))
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
