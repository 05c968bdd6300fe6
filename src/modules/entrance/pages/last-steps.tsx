import type { MailState } from '../../../core/notify/index.ts'
import type { Peer } from '../../../core/module/types.ts'
import { newId } from '../../../protocol/index.ts'
import { formatDateTime, formatNumber, formatSize } from '../../../text/index.ts'
import {
  Button,
  ButtonForm,
  ErrorSummary,
  Field,
  Fingerprint,
  Form,
  Hidden,
  LinkButton,
  Pairs,
  Paper,
  Quiet,
  RadioGroup,
  Section,
  Select,
} from '../../../web/index.ts'
import { nameIn } from '../name-in.ts'
import type { Unsafe } from '../set-up/list-unsafe.ts'
import { type StepProps, typed } from './foundation-pages.tsx'
import { SetUpFrame } from './set-up-frame.tsx'
import { fieldLabels } from '../field-labels.ts'

export interface MailPageProps extends StepProps {
  /** Where mail goes: a server, or the folder. */
  by: 'smtp' | 'folder'
  folder: string
  people: { id: string; name: string; email?: string }[]
  mail?: MailState
  canBackUp: boolean
}

export function MailPage({ visit, progress, errors, refusal, by, folder, people, mail, canBackUp }: MailPageProps) {
  const { t, language } = visit
  const { backup } = progress
  return (
    <SetUpFrame visit={visit} step="mail" party={progress.address?.party} refusal={refusal}>
      <ErrorSummary errors={errors} labels={fieldLabels(t)} />
      <Section title={t('entrance.mail-test.title')}>
        <p>{t(`entrance.mail-test.${by}`, { folder })}</p>
        {mail && <p>{t(`entrance.mail-test.state.${mail.state}`, { name: mail.name, error: mail.lastError ?? '' })}</p>}
        {mail?.state === 'queued' && (
          <p>
            <a href="/set-up/mail">{t('entrance.page-test.look-again')}</a>
          </p>
        )}
        <Form action="/set-up/mail/test">
          <Hidden name="id" value={newId()} />
          <Select
            name="person"
            label={t('entrance.mail-test.whom')}
            error={errors.person}
            options={people.filter((person) => person.email).map(({ id, name }) => ({ value: id, label: name }))}
          />
          <Button label={t('entrance.mail-test.send')} plain={mail !== undefined} />
        </Form>
      </Section>
      <Section title={t('entrance.backup.title')}>
        <p>{t('entrance.backup.about')}</p>
        {backup && (
          <p>
            {t('entrance.backup.restored', {
              file: backup.file,
              size: formatSize(backup.sizeBytes, language),
              time: formatDateTime(backup.at, 'UTC', language),
              tables: formatNumber(backup.tables, language),
              rows: formatNumber(backup.rows, language),
            })}
          </p>
        )}
        {canBackUp ? (
          <ButtonForm action="/set-up/backup" label={t('entrance.backup.make')} plain={backup !== undefined} />
        ) : (
          <Quiet>{t('refusal.set-up-no-backup')}</Quiet>
        )}
      </Section>
      <LinkButton href="/set-up/peer" label={t('common.next')} plain={!progress.mail} />
    </SetUpFrame>
  )
}

export interface PeerPageProps extends StepProps {
  own?: string
  peers: Peer[]
}

export const waysToCompare = ['voice', 'in-person', 'document'] as const

export function PeerPage({ visit, progress, errors, refusal, own, peers }: PeerPageProps) {
  const { t, language } = visit
  return (
    <SetUpFrame visit={visit} step="peer" party={progress.address?.party} refusal={refusal}>
      <ErrorSummary errors={errors} labels={fieldLabels(t)} />
      {own && (
        <Section title={t('entrance.set-up.peer.own')}>
          <p>{t('entrance.set-up.peer.own-about')}</p>
          <Paper>
            <Fingerprint digits={own} />
          </Paper>
        </Section>
      )}
      {peers.map((peer) => (
        <Section key={peer.party} title={nameIn(peer.name, language, peer.party)}>
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
              { term: t('entrance.set-up.peer.state'), detail: t(`entrance.set-up.peer.${peer.state}`) },
            ]}
          />
          {peer.state === 'introduced' && (
            <Form action="/set-up/peer/pin">
              <Hidden name="party" value={peer.party} />
              <Field
                name="fingerprint"
                label={t('entrance.set-up.peer.heard')}
                hint={t('entrance.set-up.peer.heard-hint')}
                maxlength={200}
                inputmode="numeric"
                autocomplete="off"
                value={typed(visit, 'fingerprint')}
                error={errors.fingerprint}
                required
              />
              <Field
                name="by"
                label={t('entrance.set-up.peer.who')}
                maxlength={200}
                value={typed(visit, 'by')}
                error={errors.by}
                required
              />
              <RadioGroup
                name="how"
                label={t('entrance.set-up.peer.how')}
                value={typed(visit, 'how')}
                error={errors.how}
                options={waysToCompare.map((value) => ({ value, label: t(`entrance.set-up.peer.by-${value}`) }))}
              />
              <Button label={t('entrance.set-up.peer.pin')} />
            </Form>
          )}
        </Section>
      ))}
      <Section title={t('entrance.set-up.peer.meet')}>
        <Form action="/set-up/peer">
          <Field
            name="url"
            type="url"
            label={t('entrance.set-up.peer.address')}
            maxlength={500}
            value={typed(visit, 'url')}
            error={errors.url}
            required
          />
          <Button label={t('entrance.set-up.peer.introduce')} plain={peers.length > 0} />
        </Form>
        {!progress.peer && <ButtonForm action="/set-up/peer/none" label={t('entrance.set-up.peer.none')} plain />}
      </Section>
      {progress.peer && <LinkButton href="/set-up/unsafe" label={t('common.next')} />}
    </SetUpFrame>
  )
}

export function UnsafePage({ visit, progress, refusal, unsafe }: Omit<StepProps, 'errors'> & { unsafe: Unsafe[] }) {
  const { t } = visit
  return (
    <SetUpFrame visit={visit} step="unsafe" party={progress.address?.party} refusal={refusal}>
      <p>{t('entrance.unsafe.count', { count: unsafe.length })}</p>
      <ul>
        {unsafe.map(({ code, facts }) => (
          <li key={code + JSON.stringify(facts)}>{t(`entrance.unsafe.${code}`, facts)}</li>
        ))}
      </ul>
      <p>
        <a href="/set-up/unsafe">{t('entrance.page-test.look-again')}</a>
      </p>
      <ButtonForm action="/set-up/close" label={t('entrance.set-up.unsafe.close')} />
    </SetUpFrame>
  )
}
