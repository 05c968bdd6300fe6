import type { Visit } from '../../../core/module/types.ts'
import { newId } from '../../../protocol/index.ts'
import { languageName, languages } from '../../../text/index.ts'
import { Button, ErrorSummary, Field, Form, Hidden, PageHead, Quiet, Row, Select } from '../../../web/index.ts'
import { Framed } from '../../frame/index.ts'
import type { WithoutNode } from '../parties/party.ts'

/** A party without a node: what we state of it, so that letters can be addressed to it. */
export function PartyFormPage({
  visit,
  party,
  errors = {},
}: {
  visit: Visit<unknown>
  party?: WithoutNode
  errors?: Record<string, string>
}) {
  const { t, values = {}, language } = visit
  const title = t(party ? 'letters.party.change' : 'letters.party.title')
  const value = (name: string, otherwise = '') => String(values[name] ?? otherwise)
  const label = (name: string) => t(`letters.party.${name}`)
  const nameLabel = (one: string) => t('letters.party.name', { language: languageName(one) })
  const names = languages().map((one) => [`name-${one}`, nameLabel(one)] as const)
  return (
    <Framed visit={visit as Visit} title={title} current="/letters">
      <PageHead title={title} lead={t('letters.party.lead')} />
      <ErrorSummary
        errors={errors}
        labels={{ ...Object.fromEntries(names), party: label('domain'), email: label('email') }}
      />
      <Form action="/letters/parties" label={title}>
        <Hidden name="id" value={newId()} />
        {party ? (
          <Hidden name="party" value={party.party} />
        ) : (
          <Field
            name="party"
            label={label('domain')}
            hint={label('domain-hint')}
            value={value('party')}
            error={errors.party}
            maxlength={64}
            required
          />
        )}
        {languages().map((one) =>
          party ? (
            <Hidden
              key={one}
              name={`name-${one}`}
              value={party.names[one] ?? party.names[party.language] ?? party.party}
            />
          ) : (
            <Field
              key={one}
              name={`name-${one}`}
              label={nameLabel(one)}
              value={value(`name-${one}`)}
              error={errors[`name-${one}`]}
              maxlength={200}
              required={false}
              language={one}
            />
          ),
        )}
        {!party && <Quiet small>{label('names-stay')}</Quiet>}
        <Field
          name="email"
          type="email"
          label={label('email')}
          hint={label('email-hint')}
          value={value('email', party?.email)}
          error={errors.email}
          maxlength={254}
          required={false}
        />
        <Select
          name="language"
          label={label('language')}
          value={value('language', party?.language ?? language)}
          options={languages().map((one) => ({ value: one, label: languageName(one) }))}
        />
        <Row>
          <Button label={label('save')} />
        </Row>
      </Form>
    </Framed>
  )
}
