import type { Peer, SpaceFacts, Visit } from '../../../core/module/types.ts'
import type { Fault, ScrubReport, StoredSpace } from '../../../core/scrub/types.ts'
import { formatDateTime } from '../../../text/index.ts'
import {
  ButtonForm,
  Details,
  Entry,
  LinkButton,
  LiveRegion,
  PageHead,
  Pairs,
  Quiet,
  Section,
  Trouble,
} from '../../../web/index.ts'
import { titleOf } from '../../spaces/index.ts'
import { AdministrationFrame } from './administration-frame.tsx'

export const spacesAtOnce = 50
const faultsShown = 20

export interface StoragePageProps {
  visit: Visit<any>
  report: ScrubReport
  spaces: readonly StoredSpace[]
  /** Spaces left out before the first one listed. */
  offset: number
  facts: ReadonlyMap<string, SpaceFacts>
  peers: readonly Peer[]
}

/** What was read back and when, what was found, what was put right from whom, and what a person has to do. */
export function StoragePage(props: StoragePageProps) {
  const { visit, report } = props
  const { t } = visit
  const { spaces, checked } = report
  return (
    <AdministrationFrame visit={visit} title={t('administration.storage.title')} room="storage">
      <LiveRegion topic="storage" id="storage">
        <PageHead title={t(...headingOf(report))} lead={t('administration.storage.lead', { spaces, checked })} />
        <Damaged {...props} />
        <Shut {...props} />
        <Listed {...props} />
        <PutRight {...props} />
        <Section title={t('administration.storage.erased')} id="erased">
          <p>{t(`administration.storage.${report.isErasing ? 'erasing' : 'erased-clean'}`)}</p>
        </Section>
      </LiveRegion>
    </AdministrationFrame>
  )
}

function headingOf({ open, shut, spaces, checked }: ScrubReport): [string, Record<string, number>] {
  const damaged = new Set(open.map((one) => one.space)).size
  if (damaged > 0) return ['administration.storage.damaged', { count: damaged }]
  if (shut.length > 0) return ['administration.storage.behind', { count: shut.length }]
  return checked < spaces
    ? ['administration.storage.unread', { count: spaces - checked }]
    : ['administration.storage.sound', {}]
}

/** A register bears no title of its own. */
function nameOf({ visit, facts }: StoragePageProps, id: string): string {
  const { t, language, services } = visit
  const space = facts.get(id)
  if (!space) return id
  return space.kind === 'register'
    ? t('administration.storage.register', { party: services.nameOf(space.host, language) })
    : titleOf(space, language)
}

function SpaceName(props: StoragePageProps & { id: string }) {
  const { facts, id } = props
  const isReadable = facts.has(id) && facts.get(id)?.kind !== 'register'
  return <h3>{isReadable ? <a href={`/spaces/${id}`}>{nameOf(props, id)}</a> : <bdi>{nameOf(props, id)}</bdi>}</h3>
}

const timeOf = ({ language, viewer }: Visit<any>, ms: number) =>
  formatDateTime(ms, viewer.person.zone, language, { seconds: true })

function CheckButton({ visit: { t }, id, again }: { visit: Visit<any>; id: string; again?: boolean }) {
  return (
    <ButtonForm
      action="/storage/check"
      fields={{ space: id }}
      label={t(`administration.storage.${again ? 'try-again' : 'check'}`)}
      plain
    />
  )
}

/** What is wrong and not signed for, and what a person has to do about it. */
function Damaged(props: StoragePageProps) {
  const { visit, report, spaces, facts, peers } = props
  const { t, services, language } = visit
  if (report.open.length === 0) return null
  const known = new Map(spaces.map((one) => [one.space, one]))
  return (
    <Section title={t('administration.storage.needs-you')} id="damaged">
      {[...Map.groupBy(report.open, (one) => one.space)].map(([id, faults]) => {
        const { triedAt, why } = known.get(id) ?? {}
        const others = (facts.get(id)?.members ?? []).filter(
          (one) => one.until === undefined && one.party !== services.party,
        )
        return (
          <Entry
            key={id}
            id={`damaged-${id}`}
            margin={
              <>
                <Pairs
                  items={[
                    { term: t('administration.storage.found-at'), detail: timeOf(visit, faults[0]!.foundAt) },
                    triedAt !== undefined && {
                      term: t('administration.storage.tried'),
                      detail: timeOf(visit, triedAt),
                    },
                  ]}
                />
                <CheckButton visit={visit} id={id} again />
              </>
            }
          >
            <SpaceName {...props} id={id} />
            <Trouble
              what={t('administration.storage.not-signed')}
              do={
                <ol>
                  <li>{t('administration.storage.do.disk')}</li>
                  {others.length === 0 ? (
                    <li>{t('administration.storage.do.alone')}</li>
                  ) : (
                    <li>
                      {t('administration.storage.do.members')}
                      <ul>
                        {others.map(({ party }) => (
                          <li key={party}>
                            {services.nameOf(party, language)}: {reachOf(visit, peers, party)}
                          </li>
                        ))}
                      </ul>
                    </li>
                  )}
                  <li>{t('administration.storage.do.backup')}</li>
                </ol>
              }
            />
            <Found visit={visit} faults={faults} why={why} />
          </Entry>
        )
      })}
    </Section>
  )
}

function reachOf(visit: Visit<any>, peers: readonly Peer[], party: string): string {
  const peer = peers.find((one) => one.party === party)
  if (!peer) return visit.t('administration.storage.not-a-peer')
  return peer.reachable || peer.unreachableSince === undefined
    ? visit.t('administration.peers.answers')
    : visit.t('administration.peers.silent', { time: timeOf(visit, peer.unreachableSince) })
}

function Found({
  visit: { t },
  faults,
  why,
}: {
  visit: Visit<any>
  faults: readonly Omit<Fault, 'space'>[]
  why?: string
}) {
  return (
    <Details summary={t('administration.storage.found', { count: faults.length })}>
      <ul>
        {faults.slice(0, faultsShown).map(({ what, index, detail }, at) => (
          <li key={at}>
            {t(`administration.storage.fault.${what}`, { index: index ?? -1 })}{' '}
            <code dir="ltr" class="small">
              {detail}
            </code>
          </li>
        ))}
      </ul>
      {why !== undefined && (
        <p>
          {t('administration.storage.why')}{' '}
          <code dir="ltr" class="small">
            {why}
          </code>
        </p>
      )}
    </Details>
  )
}

/** The database is older than what this node signed: a matter of the start gate, and of nobody's disk. */
function Shut(props: StoragePageProps) {
  const { visit, report } = props
  if (report.shut.length === 0) return null
  return (
    <Section title={visit.t('administration.storage.shut')} id="shut">
      <p>{visit.t('administration.storage.shut-about')}</p>
      <ul>
        {report.shut.map((id) => (
          <li key={id}>
            <bdi>{nameOf(props, id)}</bdi>
          </li>
        ))}
      </ul>
    </Section>
  )
}

function Listed(props: StoragePageProps) {
  const { visit, report, spaces, offset } = props
  const { t } = visit
  const next = offset + spacesAtOnce
  return (
    <Section title={t('administration.storage.spaces')} id="spaces">
      {report.spaces === 0 && <Quiet>{t('administration.storage.none')}</Quiet>}
      {spaces.map((one) => (
        <Entry
          key={one.space}
          id={`space-${one.space}`}
          margin={one.isDamaged ? undefined : <CheckButton visit={visit} id={one.space} />}
        >
          <SpaceName {...props} id={one.space} />
          <p>{stateOf(visit, one)}</p>
        </Entry>
      ))}
      {next < report.spaces && (
        <LinkButton href={`/storage?from=${next}#spaces`} label={t('administration.storage.more')} plain />
      )}
      {offset > 0 && (
        <LinkButton
          href={`/storage?from=${Math.max(0, offset - spacesAtOnce)}#spaces`}
          label={t('administration.storage.back')}
          plain
        />
      )}
    </Section>
  )
}

function stateOf(visit: Visit<any>, { size, checkedAt, next, askedAt, isDamaged }: StoredSpace): string {
  const { t } = visit
  const time = checkedAt === undefined ? '' : timeOf(visit, checkedAt)
  if (isDamaged) return t('administration.storage.state.damaged')
  if (next > 0) return t('administration.storage.state.reading', { next, size })
  if (askedAt !== undefined) return t('administration.storage.state.asked', { time: timeOf(visit, askedAt) })
  return checkedAt === undefined
    ? t('administration.storage.state.never', { size })
    : t('administration.storage.state.sound', { size, time })
}

function PutRight(props: StoragePageProps) {
  const { visit, report } = props
  const { t, services, language } = visit
  return (
    <Section title={t('administration.storage.put-right')} id="put-right">
      {report.mended.length === 0 && <Quiet>{t('administration.storage.nothing-found')}</Quiet>}
      {report.mended.length > 0 && <p>{t('administration.storage.look-at-disk')}</p>}
      {report.mended.map(({ space, from, foundAt, mendedAt, found }) => (
        <Entry
          key={`${space}-${mendedAt}`}
          margin={
            <Pairs
              items={[
                { term: t('administration.storage.found-at'), detail: timeOf(visit, foundAt) },
                { term: t('administration.storage.mended-at'), detail: timeOf(visit, mendedAt) },
              ]}
            />
          }
        >
          <SpaceName {...props} id={space} />
          <p>
            {from === services.party
              ? t('administration.storage.from-own')
              : t('administration.storage.from', { party: services.nameOf(from, language) })}
          </p>
          <Found visit={visit} faults={found} />
        </Entry>
      ))}
    </Section>
  )
}
