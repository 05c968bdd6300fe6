import { revealedContents } from '../../../core/module/revealed-contents.ts'
import type { Need, Services, Viewer } from '../../../core/module/types.ts'
import { legalPower } from '../../clearance/index.ts'
import { ownReadOuts } from '../../talks/index.ts'
import { legalWanted } from './legal-wanted.ts'
import './tables.ts'

/** Older ones do not come to Today any more, ms. */
const tellsForMs = 30 * 86_400_000

/** Read-outs to be published that wait for a legal adviser: asked for, or cleared by the second person under a rule. */
export async function readOutNeeds(services: Services, viewer: Viewer): Promise<Need[]> {
  if (!viewer.may(legalPower)) return []
  const { db, clock } = services
  const since = clock.now() - tellsForMs
  const [asked, cleared] = await Promise.all([
    db.selectFrom('home.lines_read_out_legal').select('act').where('at', '>', since).limit(100).execute(),
    db.selectFrom('home.lines_read_out_clearance').selectAll().where('at', '>', since).limit(200).execute(),
  ])
  const acts = [...new Set([...asked, ...cleared].map(({ act }) => act))]
  if (acts.length === 0) return []
  const [wanted, contents] = await Promise.all([legalWanted(services, acts), revealedContents(services, viewer, acts)])
  const me = viewer.person.id
  const found = await services.ledger.findActs([...wanted.keys()].filter((act) => contents.has(act)))
  const needs = await Promise.all(
    found.map(async ({ hash, space }): Promise<Need[]> => {
      const [own] = await ownReadOuts(services, hash)
      const said = cleared.filter((one) => one.read_out === own?.id)
      if (!own || own.person === me || said.some((one) => one.stage === 'legal' || one.by_person === me)) return []
      return [
        {
          key: `read-out-legal:${own.id}`,
          verb: 'lines.need.read-out-legal',
          form: 'read-outs.for-publication',
          headline: '',
          subjectOf: hash,
          href: `/spaces/${space}/acts/${hash}/read-outs#ours`,
          space,
          waitsFor: 'me',
        },
      ]
    }),
  )
  return needs.flat()
}
