import { actHref } from '../../../core/module/act-href.ts'
import { revealedContents } from '../../../core/module/revealed-contents.ts'
import type { Visit } from '../../../core/module/types.ts'
import { newId } from '../../../protocol/index.ts'
import { formatDateTime, formatList } from '../../../text/index.ts'
import { Button, Details, Form, Hidden, Quiet, Section, Select } from '../../../web/index.ts'
import { type Returned, returnedTo } from '../../frame/index.ts'
import type { ProposedText } from './acts.ts'
import { type Embargo, listChoices } from './releases.ts'

export interface ReleaseChoice {
  /** `<space> <proposal>`. */
  value: string
  /** What is released, when, with whom. */
  label: string
}

/** Times of release that lie ahead, as far as this person may read what was proposed. */
export async function loadChoices({ services, viewer, t, language }: Visit<any>): Promise<ReleaseChoice[]> {
  const rows = await listChoices(services)
  const contents = await revealedContents<unknown, ProposedText>(
    services,
    viewer,
    rows.map(({ hash }) => hash),
  )
  return rows.flatMap((row) => {
    const subject = contents.get(row.hash)?.text?.subject
    if (subject === undefined) return []
    const others = row.sides.filter((one) => one !== services.party).map((one) => services.nameOf(one, language))
    return [
      {
        value: `${row.space} ${row.hash}`,
        label: t('lines.release.choice', {
          subject,
          time: formatDateTime(row.at_ms, viewer.person.zone, language),
          parties: formatList(others, language),
          state: t(`lines.release.state.${row.agreed_at === null ? 'proposed' : 'agreed'}`),
        }),
      },
    ]
  })
}

interface Props {
  visit: Visit
  embargo: Embargo | undefined
  choices: readonly ReleaseChoice[]
  returned?: Returned | undefined
  /** Where the choice goes; nobody can choose without. */
  action?: string
}

/** Until when something is held back by what parties agreed, and what it waits for instead. */
export function HeldUntil({ visit, embargo, choices, returned, action }: Props) {
  const { t, viewer, language } = visit
  const { value, error } = returnedTo(returned, 'until')
  const stands = embargo ? `${embargo.space} ${embargo.release}` : ''
  const mayChoose = action !== undefined && (choices.length > 0 || embargo !== undefined)
  const binds = embargo?.state === 'agreed' && !embargo.isBroken
  if (!embargo && !mayChoose) return null
  return (
    <Section title={t('lines.release.title')} id="until">
      {embargo && (
        <p>
          <strong>
            {t(`lines.release.held.${embargo.state}`, {
              time: embargo.at === undefined ? '' : formatDateTime(embargo.at, viewer.person.zone, language),
            })}
          </strong>{' '}
          <a href={actHref(embargo.space, embargo.release)}>{t('lines.release.see-proposal')}</a>
        </p>
      )}
      {embargo?.isBroken && <p>{t('lines.release.is-broken')}</p>}
      {binds && <Quiet>{t('lines.release.binds')}</Quiet>}
      {mayChoose && !binds && (
        <Details summary={t('lines.release.choose')} open={returned?.form === 'until'}>
          <Form action={action} label={t('lines.release.choose')}>
            <Hidden name="id" value={newId()} />
            <Select
              name="until"
              label={t('lines.field.until')}
              hint={t('lines.release.choose-hint')}
              value={value('until', choices.some((one) => one.value === stands) ? stands : '')}
              error={error('until')}
              required={false}
              placeholder={t('lines.release.no-release')}
              options={[...choices]}
            />
            <Button plain label={t('lines.release.keep')} />
          </Form>
        </Details>
      )}
    </Section>
  )
}
