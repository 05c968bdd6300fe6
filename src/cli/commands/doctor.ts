import { openHouse } from '../../app/open-house.ts'
import { createBackups } from '../../app/backups.ts'
import { isFounded } from '../../core/identity/index.ts'
import type { Conflict } from '../../core/log/index.ts'
import { systemClock } from '../../core/config/index.ts'
import { type Command, settingsOf } from '../command.ts'
import { askedSecret } from '../question.ts'

interface Finding {
  ok: boolean
  what: string
  do?: string
}

/** Looks a node over and says what is wrong and what to do. */
export const doctor: Command = {
  name: 'doctor',
  summary: 'Look a node over: guard, database, peers, messages that wait; make a backup and prove it.',
  usage: '[--data-dir <folder>] [--backup] [--accept-rollback]',
  takesSettings: true,
  options: {
    backup: { type: 'boolean', help: 'make a backup and prove it by restoring it beside the node' },
    'accept-rollback': {
      type: 'boolean',
      help: 'after a restore: what the database holds is the truth from now on',
    },
  },
  async run(call) {
    const settings = await settingsOf(call, { listens: false })
    if (!(await isFounded(settings.dataDir))) {
      call.say(`There is no party in ${settings.dataDir} yet: chancery start begins its set-up.`)
      call.tell({ founded: false })
      return 1
    }
    const house = await openHouse(settings, askedSecret)
    try {
      if (call.options['accept-rollback']) {
        await house.node.ledger.acceptRollback()
        await house.node.witnessing.acceptRollback()
      }
      const findings = [...(await examine(house.node)), ...(await examineStored(house.node))]
      if (call.options.backup) findings.push(await proveBackup(house, settings))
      for (const { ok, what, do: remedy } of findings) {
        call.say(`${ok ? 'good ' : 'WRONG'}  ${what}`)
        if (!ok && remedy) call.say(`       ${remedy}`)
      }
      call.tell(findings)
      return findings.every((finding) => finding.ok) ? 0 : 1
    } finally {
      await house.close()
    }
  },
}

const protectionWords = {
  none: 'the private keys lie in the clear: whoever can read the data folder can sign as this party (chancery keys protect)',
  passphrase: 'the private keys are protected by a passphrase',
  'key-file': 'the private keys are protected by a key file',
}

type House = Awaited<ReturnType<typeof openHouse>>

async function examine({ ledger, services }: House['node']): Promise<Finding[]> {
  const gate = ledger.gate()
  const [heads, conflicts, peers, pending] = await Promise.all([
    ledger.heads(),
    ledger.conflicts(),
    services.peers.list(),
    services.outbox.pending(),
  ])
  return [
    {
      ok: true,
      what: `${services.party}: ${heads.length} spaces, ${heads.reduce((sum, head) => sum + head.size, 0)} entries`,
    },
    {
      ok: gate.blocked.length === 0,
      what:
        gate.blocked.length === 0
          ? 'the guard agrees with the database: this node may sign'
          : `${gate.blocked.length} spaces are not signed for: ${gate.blocked.map((one) => `${one.space} (${one.reason})`).join(', ')}`,
      do: 'Wait until other members bring back what is missing. If the database was restored on purpose: chancery doctor --accept-rollback.',
    },
    {
      ok: true,
      what: protectionWords[(await services.keys.overview()).protection],
    },
    {
      ok: conflicts.length === 0,
      what:
        conflicts.length === 0
          ? 'nobody was found to contradict itself'
          : `contradictions are kept as evidence:${conflicts.map(toldConflict).join('')}`,
      do:
        'Check a file with "chancery verify", tell the other members by another way, and agree on a successor space ' +
        'from the last common size: docs/guides/administrator.md, "A space was frozen".',
    },
    {
      ok: peers.some((peer) => peer.state === 'pinned') || peers.length === 0,
      what: `${peers.filter((peer) => peer.state === 'pinned').length} of ${peers.length} peers are pinned`,
      do: 'Compare fingerprints by voice and pin the peers you deal with.',
    },
    {
      ok: pending.length === 0,
      what: `${pending.length} signed acts wait for their host`,
      do: 'They go by themselves once the host answers.',
    },
  ]
}

function toldConflict({ space, kind, accused, role, common, file }: Conflict): string {
  const what = kind === 'own-key' ? 'our own key signed more than is here' : `${accused} as ${role}: ${kind}`
  return `\n       ${space}: ${what}; last common size ${common}${file ? `; evidence/${file}` : ''}`
}

/** What the scrub read back, and what it found. */
async function examineStored({ scrub }: House['node']): Promise<Finding[]> {
  const { spaces, checked, oldest, open, mended } = await scrub.report()
  const when = oldest === undefined ? '' : `, each since ${new Date(oldest).toISOString()}`
  return [
    {
      ok: open.length === 0,
      what:
        open.length === 0
          ? `${checked} of ${spaces} spaces were read back from the disk and are as they were stored${when}`
          : `stored bytes are damaged: ${open.map((one) => `${one.space}: ${one.detail}`).join('; ')}`,
      do: 'Nothing is signed in these spaces. They are fetched again from the other members as soon as one answers; if none has them, restore a backup. Look at the disk.',
    },
    ...mended.slice(0, 5).map(({ space, from, mendedAt, faults }) => ({
      ok: true,
      what: `space ${space} was damaged in ${faults} places and put right with what ${from} holds, ${new Date(mendedAt).toISOString()}; a disk that does this does it again`,
    })),
  ]
}

async function proveBackup(house: House, settings: Parameters<typeof createBackups>[0]['settings']): Promise<Finding> {
  const backups = createBackups({ settings, database: house.database, clock: systemClock })
  const { file, sizeBytes } = await backups.backup()
  const { tables, rows } = await backups.testRestore(file)
  return {
    ok: true,
    what: `backup ${file} (${sizeBytes} bytes) was restored beside the node: ${tables} tables, ${rows} rows agree`,
  }
}
