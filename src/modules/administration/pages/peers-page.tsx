import type { Peer, Visit } from '../../../core/module/types.ts'
import { formatDateTime } from '../../../text/index.ts'
import {
  Button,
  Entry,
  ErrorSummary,
  Field,
  Fingerprint,
  Form,
  Hidden,
  PageHead,
  Pairs,
  Paper,
  Quiet,
  RadioGroup,
  Reg,
  Section,
  TextArea,
} from '../../../web/index.ts'
import { fieldLabels, nameIn } from '../../entrance/index.ts'
import { AdministrationFrame, type Outcome, typed } from './administration-frame.tsx'

export const waysToCompare = ['voice', 'in-person', 'document'] as const

export interface PeersPageProps extends Outcome {
  visit: Visit
  own: string
  peers: Peer[]
  requests: { space: string; party: string; since: number }[]
  /** Parties nobody introduced: known only because a space of ours has them as members. */
  met: { party: string; spaces: { id: string; title: string }[] }[]
  /** Names of people at home by id. */
  people: Map<string, string>
}

export function PeersPage({ visit, own, peers, met, requests, people, errors = {}, refusal }: PeersPageProps) {
  const { t } = visit
  const waiting = peers.filter((peer) => peer.state === 'introduced').length
  return (
    <AdministrationFrame visit={visit} title={t('administration.peers.title')} room="peers" refusal={refusal}>
      <PageHead
        title={t('administration.peers.heading', { count: peers.length - waiting })}
        lead={t('administration.peers.waiting', { count: waiting })}
      />
      <ErrorSummary errors={errors} labels={fieldLabels(t)} />
      <Section title={t('entrance.set-up.peer.own')} id="own">
        <p>{t('entrance.set-up.peer.own-about')}</p>
        <Paper>
          <Fingerprint digits={own} />
        </Paper>
      </Section>
      {requests.length > 0 && <Requests visit={visit} requests={requests} />}
      <Section title={t('administration.peers.known')}>
        {peers.length + met.length === 0 && <Quiet>{t('administration.peers.none')}</Quiet>}
        {peers.map((peer) => (
          <PeerEntry key={peer.party} visit={visit} peer={peer} people={people} errors={errors} />
        ))}
        {met.map((one) => (
          <MetEntry key={one.party} visit={visit} {...one} />
        ))}
      </Section>
      <Section title={t('entrance.set-up.peer.meet')} id="meet">
        <Form action="/peers">
          <Field
            name="url"
            type="url"
            label={t('entrance.set-up.peer.address')}
            hint={t('administration.peers.url-hint')}
            maxlength={500}
            required
            value={typed(visit, 'url')}
            error={errors.url}
          />
          <Button label={t('entrance.set-up.peer.introduce')} plain={waiting > 0} />
        </Form>
      </Section>
    </AdministrationFrame>
  )
}

function Requests({ visit: { t, language, viewer, services }, requests }: Pick<PeersPageProps, 'visit' | 'requests'>) {
  return (
    <Section title={t('administration.peers.requests', { count: requests.length })} id="requests">
      <p>{t('administration.peers.requests-about')}</p>
      <ul>
        {requests.map(({ space, party, since }) => (
          <li key={space}>
            {t('administration.peers.request', {
              party: services.nameOf(party, language),
              domain: party,
              time: formatDateTime(since, viewer.person.zone, language),
            })}
          </li>
        ))}
      </ul>
    </Section>
  )
}

/** A party a space of ours brought along: its key is only what that space says. */
function MetEntry({ visit: { t }, party, spaces }: { visit: Visit } & PeersPageProps['met'][number]) {
  return (
    <Entry
      id={party}
      margin={
        <Pairs
          items={[
            { term: t('common.party'), detail: <Reg text={party} /> },
            { term: t('administration.peers.address'), detail: '–' },
          ]}
        />
      }
    >
      <h3>
        <bdi>{party}</bdi>
      </h3>
      <p>{t('administration.peers.met')}</p>
      <ul>
        {spaces.map(({ id, title }) => (
          <li key={id}>
            <a href={`/spaces/${id}/members`}>{title}</a>
          </li>
        ))}
      </ul>
      <Quiet>{t('administration.peers.met-about')}</Quiet>
    </Entry>
  )
}

function PeerEntry({
  visit,
  peer,
  people,
  errors,
}: {
  visit: Visit
  peer: Peer
  people: Map<string, string>
  errors: Record<string, string>
}) {
  const { t, language, viewer } = visit
  const time = (ms: number) => formatDateTime(ms, viewer.person.zone, language)
  const margin = (
    <Pairs
      items={[
        {
          term: t('common.party'),
          detail: (
            <span class="reg" dir="ltr">
              {peer.party}
            </span>
          ),
        },
        {
          term: t('administration.peers.address'),
          detail: (
            <span class="reg" dir="ltr">
              {peer.url || '–'}
            </span>
          ),
        },
        peer.unreachableSince !== undefined && {
          term: t('administration.peers.reach'),
          detail: t('administration.peers.silent', { time: time(peer.unreachableSince) }),
        },
        peer.reachable && { term: t('administration.peers.reach'), detail: t('administration.peers.answers') },
      ]}
    />
  )
  return (
    <Entry id={peer.party} margin={margin}>
      <h3>
        <a href={`/peers/${peer.party}`}>{nameIn(peer.name, language, peer.party)}</a>
      </h3>
      <p>{t(`entrance.set-up.peer.${peer.state}`)}</p>
      {peer.state === 'pinned' && peer.pinnedAt !== undefined && (
        <>
          <p>
            {t('administration.peers.compared', {
              name: people.get(peer.pinnedBy ?? '') ?? peer.pinnedBy ?? '',
              time: time(peer.pinnedAt),
              how: waysToCompare.some((way) => way === peer.comparedBy)
                ? t(`entrance.set-up.peer.by-${peer.comparedBy}`)
                : (peer.comparedBy ?? ''),
            })}
          </p>
          <Fingerprint digits={peer.fingerprint} />
        </>
      )}
      {peer.state === 'introduced' && (
        <PinForm visit={visit} peer={peer} errors={typed(visit, 'party') === peer.party ? errors : {}} />
      )}
    </Entry>
  )
}

/** The groups are typed from what the other side says; showing them here would invite copying instead of comparing. */
function PinForm({ visit, peer, errors }: { visit: Visit; peer: Peer; errors: Record<string, string> }) {
  const { t } = visit
  return (
    <Form action="/peers/pin" label={t('administration.peers.compare-with', { party: peer.party })}>
      <Hidden name="party" value={peer.party} />
      <TextArea
        name="fingerprint"
        label={t('entrance.set-up.peer.heard')}
        hint={t('entrance.set-up.peer.heard-hint')}
        maxlength={200}
        rows={4}
        required
        value={typed(visit, 'party') === peer.party ? typed(visit, 'fingerprint') : ''}
        error={errors.fingerprint}
      />
      <RadioGroup
        name="how"
        label={t('entrance.set-up.peer.how')}
        error={errors.how}
        options={waysToCompare.map((value) => ({ value, label: t(`entrance.set-up.peer.by-${value}`) }))}
      />
      <Button label={t('entrance.set-up.peer.pin')} />
    </Form>
  )
}
