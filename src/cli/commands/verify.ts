import { readFile } from 'node:fs/promises'
import { accelerate } from '../../core/checking/index.ts'
import { reportLines, verifyDossier } from '../../protocol/dossier/index.ts'
import { evidenceLines, verifyEvidence } from '../../protocol/evidence/index.ts'
import { nameOfType } from '../act-names.ts'
import { type Command, Misuse } from '../command.ts'

/** Verifies a dossier, act by act, or an evidence file, offline and in plain words. */
export const verify: Command = {
  name: 'verify',
  summary: 'Verify a dossier or an evidence file offline, and say what it does not prove.',
  usage: '<case.dossier.zip | evidence.json> [--pin <party>=<fingerprint>,…]',
  options: { pin: { type: 'string', help: 'fingerprints you compared yourself: party=digits, separated by commas' } },
  async run(call) {
    const [file] = call.words
    if (file === undefined) throw new Misuse('Name the file: chancery verify <case.dossier.zip> or <evidence.json>')
    const bytes = await readFile(file)
    const pins = readPins(call.options.pin)
    // An archive starts with PK, an evidence file is one JSON object.
    if (bytes[0] === '{'.charCodeAt(0)) {
      const report = verifyEvidence(bytes, { pins })
      for (const line of evidenceLines(report)) call.say(line)
      call.tell(report)
      return report.verdict === 'refused' ? 1 : 0
    }
    accelerate()
    const report = await verifyDossier(bytes, { pins })
    for (const line of reportLines(report, { nameOfType })) call.say(line)
    call.tell(report)
    return report.verdict === 'accepted' ? 0 : 1
  },
}

function readPins(given: unknown): Record<string, string> {
  if (typeof given !== 'string') return {}
  return Object.fromEntries(
    given.split(',').map((pin) => {
      const [party, digits] = pin.split('=')
      if (!party || !digits)
        throw new Misuse('A pin reads party=fingerprint, for example aurelia.example="12345 67890 …"')
      return [party.trim(), digits.replaceAll(/\D/g, '')]
    }),
  )
}
