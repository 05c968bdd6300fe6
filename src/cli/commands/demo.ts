import type { Command } from '../command.ts'

/** Plays the case of Aurelia and Borovia on four nodes. */
export const demo: Command = {
  name: 'demo',
  summary: 'Start four nodes, play the case of Aurelia and Borovia, and stay up.',
  usage: '[--data-dir <folder>] [--exit]',
  options: {
    'data-dir': { type: 'string', help: 'folder of the demonstration (default .chancery/demo); it is begun anew each time' },
    exit: { type: 'boolean', help: 'stop when the case is played instead of staying up' },
  },
  async run(call) {
    const { playDemo } = await import('../demo/play-demo.ts')
    return playDemo({
      dataDir: typeof call.options['data-dir'] === 'string' ? call.options['data-dir'] : '.chancery/demo',
      stay: call.options.exit !== true,
      say: call.say,
    })
  },
}
