import { openNodeDatabase } from '../../app/start-node.ts'
import { systemClock } from '../../core/config/index.ts'
import { type Delivery, exitCodes, mailLimits, takeMail } from '../../modules/mail-in/index.ts'
import { type Command, settingsOf } from '../command.ts'

/** The pipe of a mail server. Whatever goes wrong here, the server is told to keep the message and try again. */
export const mailIn: Command = {
  name: 'mail-in',
  summary: 'Take a report from a mail server: the message on standard input, sysexits as exit codes.',
  usage: '[--server <name>] < message',
  takesSettings: true,
  options: { server: { type: 'string', help: 'name under which our mail server writes Authentication-Results' } },
  async run(call) {
    const server = typeof call.options.server === 'string' ? call.options.server : undefined
    const outcome = await deliver(call, server).catch((error: unknown): Delivery => {
      console.error(error instanceof Error ? error.message : String(error))
      return 'later'
    })
    call.tell({ outcome })
    if (exitCodes[outcome] !== 0) console.error(outcome)
    return exitCodes[outcome]
  },
}

async function deliver(call: Parameters<Command['run']>[0], server: string | undefined): Promise<Delivery> {
  const raw = await standardInput()
  if (!raw) return 'too-large'
  const database = await openNodeDatabase(await settingsOf(call, { listens: false }))
  try {
    return await takeMail({ db: database.db, clock: systemClock }, raw, { server })
  } finally {
    await database.close()
  }
}

/** All of it, or nothing as soon as there is too much. */
async function standardInput(): Promise<Uint8Array | undefined> {
  const pieces: Buffer[] = []
  let size = 0
  for await (const piece of process.stdin) {
    size += piece.length
    if (size > mailLimits.bytes) return undefined
    pieces.push(piece)
  }
  return Buffer.concat(pieces)
}
