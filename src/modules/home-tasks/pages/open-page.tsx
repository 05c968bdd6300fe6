import { named, type DatedData } from '../../../core/dated-data/index.ts'
import { tlpRank } from '../../../core/markings/index.ts'
import type { Visit } from '../../../core/module/types.ts'
import { newId } from '../../../protocol/index.ts'
import { tlpLabels } from '../../../protocol/types.ts'
import { Button, Field, Form, Hidden, PageHead, RadioGroup, Select, TextArea } from '../../../web/index.ts'
import { DatedNote, Framed, type Returned, returnedTo, usualTlp, WhatIsWrong } from '../../frame/index.ts'
import { type TaskKind, wordsLength } from '../kinds.ts'
import type { TermsFile } from '../terms.ts'
import { NamedMomentFields } from './parts.tsx'

interface Props {
  visit: Visit
  kind: TaskKind
  rules: DatedData<TermsFile>
  returned?: Returned
}

/** A question, a request or a brief as it came in. */
export function OpenPage({ visit, kind, rules, returned }: Props) {
  const { t, viewer, services, query } = visit
  const { value, error } = returnedTo(returned, 'open')
  const today = new Date(services.clock.now()).toLocaleDateString('sv', { timeZone: viewer.person.zone })
  const incident = query.get('incident')
  const text = (name: string, required: boolean, hint = false) => (
    <Field
      name={name}
      label={t(`home-tasks.field.${name}`)}
      hint={hint ? t(`home-tasks.field.${name}-hint`) : undefined}
      value={value(name)}
      error={error(name)}
      required={required}
      maxlength={300}
      width="long"
    />
  )
  return (
    <Framed visit={visit} title={t(`home-tasks.open.${kind}`)} current="/home-tasks">
      <PageHead
        form={t('home-tasks.title')}
        title={t(`home-tasks.open.${kind}`)}
        lead={t(`home-tasks.open-lead.${kind}`)}
      />
      <WhatIsWrong returned={returned} />
      <Form action="/home-tasks" label={t(`home-tasks.open.${kind}`)}>
        <Hidden name="id" value={newId()} />
        <Hidden name="kind" value={kind} />
        {incident && <Hidden name="incident" value={incident} />}
        {text('title', true, true)}
        {kind === 'question' && (
          <>
            <RadioGroup
              name="form"
              label={t('home-tasks.field.form')}
              value={value('form', 'written')}
              error={error('form')}
              required
              options={['written', 'oral'].map((one) => ({ value: one, label: t(`home-tasks.form.${one}`) }))}
            />
            {text('chamber', true)}
            {text('number', false)}
            {text('member', true)}
          </>
        )}
        {kind === 'access' && (
          <>
            {text('applicant', true, true)}
            {text('contact', false)}
            {text('basis', true)}
            {text('theirReference', false)}
          </>
        )}
        {kind === 'brief' && (
          <>
            {text('occasion', true)}
            {text('minister', true)}
            {text('place', false)}
          </>
        )}
        <TextArea
          name="asked"
          label={t(`home-tasks.asked.${kind}`)}
          value={value('asked')}
          error={error('asked')}
          required
          rows={6}
          maxlength={wordsLength}
        />
        <Select
          name="marking"
          label={t('home-tasks.field.marking')}
          hint={t('home-tasks.field.marking-hint')}
          value={value('marking', kind === 'brief' ? usualTlp(viewer.ceiling) : 'CLEAR')}
          error={error('marking')}
          required
          options={tlpLabels
            .filter((one) => tlpRank(one) <= tlpRank(viewer.ceiling))
            .map((one) => ({ value: one, label: t(`markings.tlp.${one}`) }))}
        />
        <Field
          name="receivedOn"
          type="date"
          label={t(`home-tasks.field.received.${kind}`)}
          value={value('receivedOn', today)}
          error={error('receivedOn')}
          required
        />
        <Field
          name="zone"
          label={t('home-tasks.field.zone')}
          value={value('zone', viewer.person.zone)}
          error={error('zone')}
          required
          maxlength={60}
        />
        <TermFields visit={visit} kind={kind} rules={rules} returned={returned} />
        <Button label={t('home-tasks.open.save')} />
      </Form>
      {kind !== 'brief' && <DatedNote visit={visit} files={[rules]} />}
    </Framed>
  )
}

/** By a rule of the file, or by a day that was named. */
function TermFields({ visit, kind, rules, returned }: Props) {
  const { t, language } = visit
  const { value, error } = returnedTo(returned, 'open')
  const terms = rules.content.terms.filter((one) => one.kind === kind)
  return (
    <fieldset>
      <legend>{t('home-tasks.field.until')}</legend>
      {terms.length > 0 && (
        <Select
          name="term"
          label={t('home-tasks.field.term')}
          hint={t('home-tasks.field.term-hint')}
          value={value('term')}
          error={error('term')}
          required={false}
          placeholder={t('home-tasks.field.no-term')}
          options={terms.map((one) => ({
            value: one.id,
            label: `${named(one.names, language)}${one.unconfirmed ? ` · ${t('dated-data.unconfirmed')}` : ''}`,
          }))}
        />
      )}
      <NamedMomentFields visit={visit} value={value} error={error} required={terms.length === 0} />
    </fieldset>
  )
}
