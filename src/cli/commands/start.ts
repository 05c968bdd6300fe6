import { startNode } from '../../app/start-node.ts'
import { createLogger } from '../../core/config/index.ts'
import { type Command, settingsOf } from '../command.ts'
import { askedSecret } from '../question.ts'

/** Serves one node until it is told to stop. */
export const start: Command = {
  name: 'start',
  summary: 'Start one node; an empty data folder begins with set-up in the browser.',
  usage: '[--data-dir <folder>] [--port <n>]',
  takesSettings: true,
  options: { quiet: { type: 'boolean', help: 'no log lines on standard error' } },
  async run(call) {
    const settings = await settingsOf(call)
    const log = call.options.quiet ? createLogger({ level: 'error' }) : createLogger()
    const started = await startNode({ settings, log, ask: askedSecret })
    for (const warning of started.warnings) call.say(warning)
    for (const blocked of started.gate?.blocked ?? [])
      call.say(
        `Space ${blocked.space} is not signed for: what this node signed before is missing here (${blocked.reason}). ` +
          'Other members may still bring it back; otherwise see chancery doctor.',
      )
    call.say(`Chancery runs at ${settings.publicUrl}`)
    if (started.setUpLink) call.say(`Set it up here (the link works once): ${started.setUpLink}`)
    call.tell({ url: settings.publicUrl, peerUrl: settings.peerUrl, setUpLink: started.setUpLink })
    // A parent process waits for this line before it sends anybody here.
    process.send?.({ ready: true, url: settings.publicUrl })
    await untilTold()
    await started.stop()
    return 0
  },
}

/** Resolves at the first SIGINT or SIGTERM; a second one ends the process at once. */
function untilTold(): Promise<void> {
  return new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const)
      process.once(signal, () => {
        process.once(signal, () => process.exit(130))
        resolve()
      })
  })
}
