import type { Need, Services, Viewer } from '../../core/module/types.ts'
import { listLetters } from './list-letters.ts'

const toSend = new Set(['none', 'failed', 'bounced', 'unsure'])

/** Letters that are signed and have not left, or did not arrive. */
export async function letterNeeds(services: Services, viewer: Viewer): Promise<Need[]> {
  if (!viewer.may('letters.dispatch:send')) return []
  const letters = await listLetters(services, viewer)
  return letters.flatMap((one): Need[] =>
    toSend.has(one.state)
      ? [
          {
            key: `letters:${one.act}`,
            verb: 'letters.action.send',
            form: `channels.form.${one.form}`,
            headline: '',
            subjectOf: one.act,
            href: `/letters/${one.act}`,
            space: one.space,
            from: one.party,
            waitsFor: 'me',
          },
        ]
      : [],
  )
}
