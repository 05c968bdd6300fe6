import type { Visit } from '../../../core/module/types.ts'
import { Entry, FormLine, Quiet, Section, Time, TlpLabel } from '../../../web/index.ts'
import type { Incident } from '../incident.ts'
import { formatList } from '../../../text/index.ts'
import type { Joining } from './list-merges.ts'
import type { Joined } from './load-joined.ts'

/** Where something that is shown here was written down. */
export function From({ incident }: { incident: Pick<Incident, 'id' | 'reference' | 'codeName'> }) {
  return (
    <>
      {' '}
      <a href={`/incidents/${incident.id}`}>
        {incident.reference} · <bdi>{incident.codeName}</bdi>
      </a>
    </>
  )
}

/** On an incident that is read through another: where to write. */
export function MergedInto({ visit: { t }, joined: { into } }: { visit: Visit; joined: Joined }) {
  if (!into) return null
  return (
    <p>
      <strong>{t('incidents-joining.merged-into', { reference: into.reference })}</strong> <From incident={into} />
      {'. '}
      {t('incidents-joining.write-there')}
    </p>
  )
}

/** Incidents that are read here, each with what of it keeps a page of its own. */
export function MergedHere({ visit, joined: { merged } }: { visit: Visit; joined: Joined }) {
  const { t } = visit
  if (merged.length === 0) return null
  return (
    <Section title={t('incidents-joining.merged-here')} id="merged">
      <Quiet>{t('incidents-joining.merged-here-explained')}</Quiet>
      {merged.map(({ incident, weighing, counts, rooms }) => (
        <Entry key={incident.id} margin={<TlpLabel marking={{ tlp: incident.marking }} />}>
          <h3>
            <From incident={incident} />
          </h3>
          <p dir="auto">{incident.title}</p>
          <Quiet small>
            {t('incidents-joining.holds', {
              hypotheses: weighing.hypotheses.length,
              evidence: weighing.evidence.length,
              objects: counts.reduce((sum, one) => sum + one.count, 0),
            })}
          </Quiet>
          <ul>
            {rooms.map(({ href, label }) => (
              <li key={href}>
                <a href={href}>{t('incidents-joining.room-of', { room: t(label), reference: incident.reference })}</a>
              </li>
            ))}
          </ul>
        </Entry>
      ))}
    </Section>
  )
}

/** Merges and splits with their reasons, as part of the log. */
export function Joinings({ visit, joined: { history } }: { visit: Visit; joined: Joined }) {
  const { t, viewer, language } = visit
  return (
    <>
      {history.map((one) => (
        <Entry
          key={one.id}
          margin={
            <>
              <p>
                <Time ms={one.at} zone={viewer.person.zone} language={language} short />
              </p>
              <p>
                <bdi>{one.byName}</bdi>
              </p>
            </>
          }
        >
          <FormLine>{t(`incidents-joining.${one.kind}`, { reference: one.other.reference })}</FormLine>
          <p>
            <From incident={one.other} />
          </p>
          {one.why && <p dir="auto">{one.why}</p>}
          {one.went && <Went visit={visit} went={one.went} />}
        </Entry>
      ))}
    </>
  )
}

/** What a split took along; items keep their numbers. */
function Went({ visit: { t, language }, went }: { visit: Visit; went: NonNullable<Joining['went']> }) {
  const { lines, evidence, objects, torn } = went
  return (
    <Quiet small>
      {lines + objects > 0 && t('incidents-joining.went', { lines, objects })}
      {evidence.length > 0 &&
        ` ${t('incidents-joining.went-evidence', { count: evidence.length, numbers: formatList(evidence.map(String), language) })}`}
      {torn > 0 && ` ${t('incidents-joining.torn', { count: torn })}`}
    </Quiet>
  )
}
