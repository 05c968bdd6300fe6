import type { Visit } from '../../../core/module/types.ts'
import { formatDateTime, formatNumber, formatSize } from '../../../text/index.ts'
import { ButtonForm, LiveRegion, PageHead, Pairs, Quiet, Section, Trouble } from '../../../web/index.ts'
import { BundleRefusal } from '../../exchange/index.ts'
import { Framed } from '../../frame/index.ts'
import { refusalWords } from '../form-route.ts'
import type { Incident } from '../incident.ts'
import { faultWords } from '../open/fault-words.ts'
import { AtHome, BackTo } from '../pages/parts.tsx'
import { bundleTopic } from './begin-bundle.ts'
import type { Bundle } from './list-bundles.ts'

interface Props {
  visit: Visit
  incident: Incident
  bundle: Bundle
  /** Name of whoever brought it. */
  by: string
}

/** One bundle: how far it is, what came in, or what is wrong in it and where. */
export function BundlePage(props: Props) {
  const { visit, incident, bundle } = props
  const { t } = visit
  return (
    <Framed
      visit={visit}
      title={t('incidents.bundle.page-title', { file: bundle.file, name: incident.codeName })}
      current="/incidents"
      drill={incident.drill ? incident.codeName : undefined}
    >
      <PageHead
        form={t('incidents.bundle.one')}
        title={<bdi>{bundle.file}</bdi>}
        lead={t('incidents.bundle.whole-or-not')}
      />
      <BackTo visit={visit} incident={incident} />
      <AtHome visit={visit} />
      <LiveRegion topic={bundleTopic(bundle.id)} id="bundle">
        <Course {...props} />
        <Ending {...props} />
      </LiveRegion>
    </Framed>
  )
}

function Course({ visit, bundle, by }: Props) {
  const { t, viewer, language } = visit
  const at = (ms: number) => formatDateTime(ms, viewer.person.zone, language)
  return (
    <>
      <p>{bundleWords(visit, bundle)}</p>
      {bundle.state === 'reading' && (
        <p>
          <progress
            max={Math.max(1, bundle.objectsAll)}
            // Without a value: how many objects there are is not known yet.
            {...(bundle.objectsAll > 0 && { value: bundle.objectsDone })}
            aria-label={t('incidents.bundle.progress')}
          />
        </p>
      )}
      <Pairs
        items={[
          {
            term: t('incidents.bundle.brought'),
            detail: (
              <>
                <bdi>{by}</bdi> · {at(bundle.at)} · {formatSize(bundle.size, language)}
              </>
            ),
          },
          ...(bundle.endedAt === undefined ? [] : [{ term: t('incidents.bundle.ended'), detail: at(bundle.endedAt) }]),
        ]}
      />
    </>
  )
}

function Ending({ visit, incident, bundle }: Props) {
  const { t } = visit
  if (bundle.state === 'reading') {
    if (!visit.viewer.may('incidents:draft')) return null
    return (
      <>
        <Quiet>{t('incidents.bundle.may-leave')}</Quiet>
        <ButtonForm
          plain
          action={`/incidents/${incident.id}/bundles/${bundle.id}/stop`}
          label={t('incidents.bundle.stop')}
        />
      </>
    )
  }
  if (bundle.state === 'done')
    return (
      <p>
        <a href={`/incidents/${incident.id}/objects`}>{t('incidents.objects.title')}</a>
      </p>
    )
  if (bundle.state === 'refused' && bundle.refused)
    return <Report visit={visit} incident={incident} {...bundle.refused} />
  return null
}

function Report({
  visit,
  incident,
  code,
  facts,
  faults,
}: { visit: Visit; incident: Incident } & NonNullable<Bundle['refused']>) {
  const { t } = visit
  const more = Math.max(0, Number(facts.count ?? faults.length) - faults.length)
  return (
    <Section title={t('incidents.bundle.report')} id="report">
      <Trouble
        what={refusalWords(visit, new BundleRefusal(code.replace('incidents.', ''), facts))}
        do={t('incidents.bundle.refused-do')}
      />
      {faults.length > 0 && (
        <ul>
          {faults.map((fault, at) => (
            <li key={at}>{faultWords(visit, fault)}</li>
          ))}
        </ul>
      )}
      {more > 0 && <Quiet>{t('incidents.open.more-faults', { count: more })}</Quiet>}
      <p>
        <a href={`/incidents/${incident.id}/record#objects`}>{t('incidents.objects.add')}</a>
      </p>
    </Section>
  )
}

/** "12,000 of 50,000 objects are read." and what else can be said of a bundle in one line. */
export function bundleWords({ t, language }: Visit, bundle: Bundle): string {
  const facts = { count: bundle.added, all: formatNumber(bundle.objectsAll, language) }
  if (bundle.state !== 'reading') return t(`incidents.bundle.state.${bundle.state}`, facts)
  if (bundle.objectsAll === 0) return t('incidents.bundle.state.begun')
  return t('incidents.bundle.state.reading', { done: formatNumber(bundle.objectsDone, language), ...facts })
}

/** Bundles of an incident, one line each, with the way to their pages. */
export function BundleList({ visit, bundles }: { visit: Visit; bundles: readonly Bundle[] }) {
  return (
    <ul>
      {bundles.map((bundle) => (
        <li key={bundle.id}>
          <a href={`/incidents/${bundle.incident}/bundles/${bundle.id}`}>
            <bdi>{bundle.file}</bdi>
          </a>{' '}
          · {bundleWords(visit, bundle)}
        </li>
      ))}
    </ul>
  )
}
