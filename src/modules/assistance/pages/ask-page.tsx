import type { SpaceFacts, Visit } from '../../../core/module/types.ts'
import { isId, newId } from '../../../protocol/index.ts'
import { alphabetical } from '../../../text/index.ts'
import { Button, Form, Hidden, LinkButton, PageHead, Quiet, Row, Section, Select } from '../../../web/index.ts'
import { requestKindNames } from '../../channels/index.ts'
import { Framed } from '../../frame/index.ts'
import { titleOf } from '../../spaces/index.ts'

interface Props {
  visit: Visit
  /** Spaces of ours in which requests can be made, with the parties there. */
  spaces: readonly { space: SpaceFacts; parties: string[] }[]
  incident?: { id: string; codeName: string } | undefined
  /** For what was chosen: who takes it, by our directory, and who else could. */
  contacts?: { right: string[]; others: string[] } | undefined
  errors?: Record<string, string> | undefined
}

/** Ask for help: what for, whom, and where; the form of the request follows. */
export function AskPage({ visit, spaces, incident, contacts, errors = {} }: Props) {
  const { t, language, services, query, viewer } = visit
  const title = t('assistance.ask.title')
  const value = (name: string) => String(visit.values?.[name] ?? query.get(name) ?? '')
  const parties = [...new Set(spaces.flatMap((one) => one.parties))]
  const here = spaces.filter((one) => value('party') === '' || one.parties.includes(value('party')))
  return (
    <Framed visit={visit} title={title} current="/assistance">
      <PageHead title={title} lead={t('assistance.ask.lead')} />
      {incident && <Quiet>{t('assistance.ask.for-incident', { name: incident.codeName })}</Quiet>}
      {parties.length === 0 ? (
        <>
          <p>{t('assistance.ask.nowhere')}</p>
          {viewer.may('spaces.open:manage') && <LinkButton href="/spaces/open" label={t('assistance.ask.open')} />}
        </>
      ) : (
        <Form action="/assistance/ask">
          <Hidden name="id" value={isId(value('id')) ? value('id') : newId()} />
          {isId(value('lesson')) && <Hidden name="lesson" value={value('lesson')} />}
          {incident && <Hidden name="incident" value={incident.id} />}
          {query.getAll('follows').map((one) => (
            <Hidden key={one} name="follows" value={one} />
          ))}
          <Select
            name="kind"
            label={t('assistance.column.kind')}
            value={value('kind')}
            error={errors.kind}
            placeholder={t('assistance.choose')}
            options={requestKindNames.map((one) => ({ value: one, label: t(`requests.kind.${one}`) }))}
          />
          <Select
            name="party"
            label={t('assistance.ask.party')}
            value={value('party')}
            error={errors.party}
            placeholder={t('assistance.choose')}
            options={parties
              .toSorted(alphabetical(language, (one) => services.nameOf(one, language)))
              .map((one) => ({ value: one, label: services.nameOf(one, language) }))}
          />
          <Select
            name="space"
            label={t('assistance.space')}
            value={value('space')}
            error={errors.space}
            placeholder={t('assistance.choose')}
            options={here.map(({ space, parties: there }) => ({
              value: space.id,
              label: `${titleOf(space, language)} · ${there.map((one) => services.nameOf(one, language)).join(', ')}`,
            }))}
          />
          <Row>
            <Button label={t('assistance.ask.write')} />
            <Button label={t('assistance.ask.who')} name="look" value="yes" plain formaction="/assistance/ask/who" />
          </Row>
        </Form>
      )}
      {contacts && <WhoTakesIt visit={visit} contacts={contacts} party={value('party')} />}
    </Framed>
  )
}

/** The right authority of the other side with its address, or that there is none and who else there is. */
function WhoTakesIt({
  visit,
  contacts,
  party,
}: {
  visit: Visit
  contacts: { right: string[]; others: string[] }
  party: string
}) {
  const { t, services, language } = visit
  const name = services.nameOf(party, language)
  const { right, others } = contacts
  return (
    <Section title={t('assistance.ask.who')} id="who">
      {right.length > 0 ? (
        <ul>
          {right.map((one) => (
            <li key={one} dir="auto">
              {one}
            </li>
          ))}
        </ul>
      ) : (
        <>
          <p>{t(others.length > 0 ? 'requests.general' : 'requests.no-contact', { party: name })}</p>
          <ul>
            {others.map((one) => (
              <li key={one} dir="auto">
                {one}
              </li>
            ))}
          </ul>
        </>
      )}
    </Section>
  )
}
