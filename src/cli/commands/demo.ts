import { type Command, Misuse } from '../command.ts'

/** Plays the case of Aurelia and Borovia on four nodes. */
export const demo: Command = {
  name: 'demo',
  summary: 'Start four nodes, play the case of Aurelia and Borovia, and stay up.',
  usage: '[--data-dir <folder>] [--port <n>] [--secretariat-down] [--exit]',
  options: {
    'data-dir': {
      type: 'string',
      help: 'folder of the demonstration (default .chancery/demo); it is begun anew each time',
    },
    port: { type: 'string', help: 'first port to try; five are needed (default 7100)' },
    'secretariat-down': {
      type: 'boolean',
      help: 'afterwards kill the node that orders the hotline, and show that the parties keep talking',
    },
    exit: { type: 'boolean', help: 'stop when the case is played instead of staying up' },
  },
  async run(call) {
    const { playDemo } = await import('../demo/play-demo.ts')
    return playDemo({
      dataDir: typeof call.options['data-dir'] === 'string' ? call.options['data-dir'] : '.chancery/demo',
      port: readPort(call.options.port),
      stay: call.options.exit !== true,
      secretariatDown: call.options['secretariat-down'] === true,
      say: call.say,
    })
  },
}

function readPort(given: unknown): number {
  const port = Number(given ?? 7100)
  if (!Number.isInteger(port) || port < 1 || port > 65_500) throw new Misuse('--port takes a number from 1 to 65500')
  return port
}
