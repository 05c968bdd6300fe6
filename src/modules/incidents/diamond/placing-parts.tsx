import type { ComponentChildren } from 'preact'
import type { Visit } from '../../../core/module/types.ts'
import { Entry, FormLine, Quiet, Section, Table, TlpLabel } from '../../../web/index.ts'
import { Signed } from '../../frame/index.ts'
import { InCompartment } from '../pages/parts.tsx'
import type { DiamondProps } from './diamond-props.ts'
import { diamondHref } from './diamonds-page.tsx'
import type { DiamondItem } from './list-items.ts'
import { type Corner, corners, edges, places } from './places.ts'
import { doubtsOf, type Placing, standingAt } from './read-diamonds.ts'

type Props = DiamondProps & { mayWrite: boolean }

/** What the picture shows, as a table. */
export function PictureTable({ visit, diamond }: DiamondProps) {
  const { t } = visit
  return (
    <Table
      cards
      caption={t('diamond.table')}
      head={[t('diamond.field.place'), t('diamond.stands'), t('diamond.field.confidence'), t('diamond.doubts')]}
      rows={places.flatMap((place): ComponentChildren[][] => {
        const standing = standingAt(diamond, place)
        const name = t(`diamond.place.${place}`)
        if (standing.length === 0) return [[name, t('diamond.unknown'), '–', '–']]
        return standing.map((one) => [
          name,
          <a href={`#placing-${one.id}`}>
            <ItemWords visit={visit} item={one.item} />
          </a>,
          t(`incidents.confidence.${one.confidence}`),
          doubtsOf(one)
            .map((doubt) => t(`diamond.doubt.${doubt}`))
            .join(' ') || '–',
        ])
      })}
    />
  )
}

/** Each corner by itself; an empty one says that it is. */
export function Corners(props: Props) {
  return (
    <>
      {corners.map((corner) => (
        <CornerSection key={corner} {...props} corner={corner} />
      ))}
    </>
  )
}

function CornerSection({ corner, ...props }: Props & { corner: Corner }) {
  const { t } = props.visit
  const standing = standingAt(props.diamond, corner)
  return (
    <Section title={t(`diamond.place.${corner}`)} id={corner}>
      {corner === 'adversary' && <FormLine>{t('diamond.no-attribution')}</FormLine>}
      {standing.length === 0 && <Quiet>{t('diamond.corner-unknown')}</Quiet>}
      {standing.map((one) => (
        <PlacingEntry key={one.id} {...props} one={one} />
      ))}
    </Section>
  )
}

/** Each edge, by what it is held to be supported. */
export function Edges(props: Props) {
  const { t } = props.visit
  const open = edges.filter((edge) => standingAt(props.diamond, edge).length === 0)
  return (
    <Section title={t('diamond.edges')} id="edges">
      {edges.flatMap((edge) =>
        standingAt(props.diamond, edge).map((one) => (
          <PlacingEntry key={one.id} {...props} one={one} title={t(`diamond.place.${edge}`)} />
        )),
      )}
      {open.length > 0 && (
        <>
          <Quiet>{t('diamond.edges-open')}</Quiet>
          <ul>
            {open.map((edge) => (
              <li key={edge}>{t(`diamond.place.${edge}`)}</li>
            ))}
          </ul>
        </>
      )}
    </Section>
  )
}

/** "Object, malware: …" */
export function ItemWords({ visit: { t }, item }: { visit: Visit; item: DiamondItem }) {
  return (
    <>
      {t(`diamond.kind.${item.kind}`)}
      {item.kind === 'object' && (
        <>
          {' '}
          (<bdi>{item.type}</bdi>)
        </>
      )}
      {item.kind === 'particular' && ` (${t(`particulars.kind.${item.type}`)})`}: <bdi>{item.words}</bdi>
    </>
  )
}

function PlacingEntry({
  visit,
  loaded,
  diamond,
  names,
  mayWrite,
  one,
  title,
}: Props & { one: Placing; title?: string }) {
  const { t } = visit
  const { item, restsOn } = one
  const graded = restsOn ?? item.evidence
  const says = one.steps.filter(({ kind }) => kind === 'contested')
  return (
    <Entry id={`placing-${one.id}`} margin={<Signed visit={visit} by={names.get(one.by) ?? one.by} at={one.at} />}>
      {title && <FormLine>{title}</FormLine>}
      <p>
        <a href={item.href}>
          <ItemWords visit={visit} item={item} />
        </a>{' '}
        {item.tlp && <TlpLabel marking={{ tlp: item.tlp }} />}
        <InCompartment of={one.compartment} compartments={loaded.compartments} />
      </p>
      <p>
        {t('diamond.confidence-line', { confidence: t(`incidents.confidence.${one.confidence}`) })} <bdi>{one.why}</bdi>
      </p>
      {graded && (
        <p>
          {t(restsOn ? 'diamond.rests-on' : 'incidents.weighing.grade')}{' '}
          {restsOn && (
            <a href={`/incidents/${loaded.incident.id}/evidence/${restsOn.id}`}>
              {restsOn.number}. <bdi>{restsOn.words}</bdi>
            </a>
          )}{' '}
          <abbr
            title={`${t(`incidents.reliability.${graded.reliability}`)} · ${t(`incidents.credibility.${graded.credibility}`)}`}
          >
            {graded.reliability}
            {graded.credibility}
          </abbr>
          {graded.lens && ` · ${t(`weighing.lens.${graded.lens}`)}`}
        </p>
      )}
      {doubtsOf(one).map((doubt) => (
        <FormLine key={doubt}>{t(`diamond.doubt.${doubt}`)}</FormLine>
      ))}
      {item.contested && (
        <p>
          <bdi>{item.contested}</bdi>
        </p>
      )}
      {item.elsewhere && (
        <Quiet small>
          <a href={`/incidents/${item.elsewhere}`}>{t('diamond.elsewhere')}</a>
        </Quiet>
      )}
      {says.map((step) => (
        <div key={step.id}>
          <p>
            <strong>{t('diamond.step.contested')}</strong> <bdi>{step.why}</bdi>
          </p>
          <Signed visit={visit} by={names.get(step.by) ?? step.by} at={step.at} />
        </div>
      ))}
      {mayWrite && (
        <p>
          <a href={`${diamondHref(loaded.incident.id, diamond.subject)}?placing=${one.id}#step`}>
            {t('diamond.change', { what: item.words })}
          </a>
        </p>
      )}
    </Entry>
  )
}

/** What was moved or taken away: nothing that was placed is ever lost. */
export function History({ visit, diamond, names }: DiamondProps) {
  const { t } = visit
  const changed = diamond.placings.filter(({ isAway, before }) => isAway || before.length > 0)
  if (changed.length === 0) return null
  return (
    <Section title={t('diamond.history')} id="history">
      <ol>
        {changed.map((one) => (
          <li key={one.id}>
            <ItemWords visit={visit} item={one.item} />. {t('diamond.first-at')}{' '}
            {t(`diamond.place.${one.before[0] ?? one.place}`)} <bdi>{one.why}</bdi>
            <Signed visit={visit} by={names.get(one.by) ?? one.by} at={one.at} />
            {one.steps.map((step) => (
              <div key={step.id}>
                <p>
                  {t(`diamond.step.${step.kind}`)} {step.into && `${t(`diamond.place.${step.into}`)}.`}{' '}
                  <bdi>{step.why}</bdi>
                </p>
                <Signed visit={visit} by={names.get(step.by) ?? step.by} at={step.at} />
              </div>
            ))}
          </li>
        ))}
      </ol>
    </Section>
  )
}
