import { writeFile } from 'node:fs/promises'
import { z } from 'zod'
import { openHouse } from '../../app/open-house.ts'
import { dossierInput, exportDossier as buildExport } from '../../modules/spaces/index.ts'
import { type Command, Misuse, settingsOf } from '../command.ts'
import { askedSecret } from '../question.ts'
import { stampFile } from './time-stamp.ts'

/** Writes the dossier of a space to a file. */
export const exportDossier: Command = {
  name: 'export',
  summary: 'Write the dossier of a space: what may leave for this purpose and audience, provable by a stranger.',
  usage:
    '<space> --purpose <purpose> --audience <audience> [--ceiling AMBER] [--with <space>,…] [--unwitnessed] [--out case.dossier.zip]',
  takesSettings: true,
  options: {
    purpose: { type: 'string', help: 'why it is made' },
    audience: { type: 'string', help: 'whom it is for: a party, or a public audience' },
    ceiling: { type: 'string', help: 'narrowest TLP label that may go in (default AMBER)' },
    with: { type: 'string', help: 'related spaces that go along, separated by commas' },
    unwitnessed: { type: 'boolean', help: 'for the public: go on although not all of it is witnessed' },
    out: { type: 'string', help: 'file to write (default case.dossier.zip)' },
  },
  async run(call) {
    const [id] = call.words
    if (id === undefined) throw new Misuse(`chancery export ${exportDossier.usage}`)
    const { purpose, audience, ceiling, with: along, unwitnessed, out = 'case.dossier.zip' } = call.options
    const asked = dossierInput.safeParse({
      purpose,
      audience,
      ceiling,
      unwitnessed: unwitnessed ? 'yes' : undefined,
      spaces: typeof along === 'string' ? along.split(',') : undefined,
    })
    if (!asked.success) throw new Misuse(z.prettifyError(asked.error))
    const settings = await settingsOf(call, { listens: false })
    const house = await openHouse(settings, askedSecret)
    try {
      const space = await house.node.ledger.find(id)
      if (!space) throw new Misuse(`There is no space ${id} here.`)
      const { plan, file } = await buildExport(house.node.services, space, asked.data)
      await writeFile(String(out), file, { mode: 0o600 })
      const acts = plan.planned.flatMap((one) => one.acts)
      const stubs = acts.filter((one) => one.stub !== undefined).length
      call.say(`${out}: ${acts.length} acts, ${stubs} of them as proof without text, ${file.length} bytes.`)
      call.tell({ out, acts: acts.length, stubs, bytes: file.length })
      if (settings.timeStampUrl)
        await stampFile(
          { ...call, tell: () => undefined },
          { url: settings.timeStampUrl, file: String(out), data: file },
        )
    } finally {
      await house.close()
    }
    return 0
  },
}
