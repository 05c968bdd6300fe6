import type { Peer, Visit } from '../../../core/module/types.ts'
import { Button, Details, Fingerprint, Form, Hidden, PageHead, Paper, Section, Trouble } from '../../../web/index.ts'
import { nameIn } from '../../entrance/index.ts'
import { AdministrationFrame, type Outcome } from './administration-frame.tsx'
import { KeyHistory } from './key-history.tsx'

/** One peer: what its register says of its keys, a warning where one was revoked, and the way out when it lost all. */
export function PeerPage({ visit, peer, refusal }: Outcome & { visit: Visit<any>; peer: Peer }) {
  const { t, language } = visit
  const name = nameIn(peer.name, language, peer.party)
  const events = peer.keyEvents ?? []
  const grave = events.findLast(({ kind }) => kind !== 'rotated')
  return (
    <AdministrationFrame visit={visit} title={name} room="peers" refusal={refusal}>
      <PageHead title={name} lead={t(`entrance.set-up.peer.${peer.state}`)} />
      <p>
        <a href={`/directory/parties/${peer.party}`}>{t('administration.peers.profile')}</a>
      </p>
      {grave && (
        <Trouble
          what={t(`administration.keys.warning.${grave.kind === 'revoked' ? 'revoked' : 'recovered'}`, {
            party: name,
            index: grave.index,
          })}
          do={t('administration.keys.warning.do', { party: name })}
        />
      )}
      {peer.state === 'pinned' && (
        <Section title={t('administration.keys.fingerprint')}>
          <Paper>
            <Fingerprint digits={peer.fingerprint} />
          </Paper>
        </Section>
      )}
      <Section title={t('administration.keys.history')} id="history">
        <KeyHistory visit={visit} events={events} />
      </Section>
      {peer.state === 'pinned' && (
        <Details summary={t('administration.keys.lost-all', { party: name })}>
          <p>{t('administration.keys.lost-all-about', { party: name })}</p>
          <Form action={`/peers/${peer.party}/let-go`} label={t('administration.keys.let-go')}>
            <Hidden name="fingerprint" value={peer.fingerprint} />
            <Button label={t('administration.keys.let-go')} plain />
          </Form>
        </Details>
      )}
    </AdministrationFrame>
  )
}
