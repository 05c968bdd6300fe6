import { narrowest } from '../../../core/markings/index.ts'
import type { Services, Visit } from '../../../core/module/types.ts'
import type { Tlp } from '../../../protocol/types.ts'
import { formatNumber } from '../../../text/index.ts'
import { Quiet, Table, TlpLabel } from '../../../web/index.ts'
import { type BundleFault, BundleRefusal } from '../../exchange/index.ts'
import { refusalWords } from '../form-route.ts'
import { faultWords } from '../open/fault-words.ts'
import { readUploadInTurns } from '../open/open-incident.ts'

/** What is in a bundle that nobody has taken in yet. */
export type LookedInto =
  | { readable: true; count: number; types: { type: string; count: number }[]; narrowest: Tlp }
  | { readable: false; refusal: BundleRefusal }

/** Refusals of a file that never said it was a bundle. */
const otherJson = ['incidents.not-utf8', 'incidents.not-json', 'incidents.not-a-bundle', 'incidents.doubled-name']

/**
 * Reads what a file holds, without taking anything in. Nothing where it neither says that it is a bundle nor is one.
 *
 * @param unmarked - Label of objects that carry none, AMBER if not said
 */
export async function lookIntoBundle(
  services: Services,
  { name, media, content }: { name: string; media: string; content: Uint8Array },
  unmarked: Tlp = 'AMBER',
): Promise<LookedInto | undefined> {
  const saysSo = media.startsWith('application/stix+json') || /\.stix(\.json)?$/i.test(name)
  if (!saysSo && !/\.json$/i.test(name) && !media.startsWith('application/json')) return undefined
  try {
    const { objects } = await readUploadInTurns(services, content, unmarked)
    const shown = objects.filter(({ type }) => type !== 'marking-definition')
    const types = [...Map.groupBy(shown, ({ type }) => type)].map(([type, all]) => ({ type, count: all.length }))
    const marking = narrowest(objects.map(({ tlp }) => ({ tlp })))
    return {
      readable: true,
      count: shown.length,
      types: types.toSorted((a, b) => b.count - a.count || a.type.localeCompare(b.type)),
      narrowest: marking.tlp,
    }
  } catch (error) {
    if (!(error instanceof BundleRefusal)) throw error
    return saysSo || !otherJson.includes(error.code) ? { readable: false, refusal: error } : undefined
  }
}

/** What is in a bundle: objects by type and the narrowest marking among them, or each fault with its place. */
export function InsideBundle({ visit, looked }: { visit: Visit; looked: LookedInto }) {
  const { t, language } = visit
  if (!looked.readable) return <Faults visit={visit} refusal={looked.refusal} />
  return (
    <>
      <p>
        {t('incidents.objects.count', { count: looked.count })} · {t('incidents.bundle.narrowest')}{' '}
        <TlpLabel marking={{ tlp: looked.narrowest }} />
      </p>
      <Table
        caption={t('incidents.bundle.by-type')}
        quietCaption
        numeric={[1]}
        head={[t('incidents.objects.type'), t('incidents.bundle.number')]}
        rows={looked.types.map(({ type, count }) => [<bdi>{type}</bdi>, formatNumber(count, language)])}
      />
    </>
  )
}

function Faults({ visit, refusal }: { visit: Visit; refusal: BundleRefusal }) {
  const { faults, facts } = refusal
  const more = Math.max(0, Number(facts.count ?? faults.length) - faults.length)
  return (
    <>
      <p>{refusalWords(visit, refusal)}</p>
      {faults.length > 0 && (
        <ul>
          {faults.map((fault: BundleFault, at) => (
            <li key={at}>{faultWords(visit, fault)}</li>
          ))}
        </ul>
      )}
      {more > 0 && <Quiet>{visit.t('incidents.open.more-faults', { count: more })}</Quiet>}
    </>
  )
}
