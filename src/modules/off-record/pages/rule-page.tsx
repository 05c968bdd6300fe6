import type { Visit } from '../../../core/module/types.ts'
import { Button, ErrorSummary, Form, Hidden, PageHead, RadioGroup, TextArea } from '../../../web/index.ts'
import { Framed } from '../../frame/index.ts'
import type { RecordsRule } from '../rule.ts'
import { RuleNote } from './rule-note.tsx'

interface Props {
  visit: Visit<unknown>
  rule: RecordsRule | undefined
  id: string
  errors?: Record<string, string>
}

/** What this house asks of its people where they speak off the record. */
export function RulePage({ visit, rule, id, errors }: Props) {
  const { t, language, viewer } = visit
  const typed = errors ? (visit.values ?? {}) : { words: rule?.words, allowed: rule?.allowed === false ? 'no' : 'yes' }
  const value = (name: string) => (typeof typed[name] === 'string' ? typed[name] : undefined)
  const title = t('off-record.rule.title')
  const labels = { allowed: t('off-record.rule.allowed'), words: t('off-record.rule.words') }
  return (
    <Framed visit={visit} title={title} current="/spaces">
      <PageHead title={title} lead={t('off-record.rule.lead')} />
      {viewer.may('off-record.rule:manage') ? (
        <>
          <ErrorSummary errors={errors} labels={labels} />
          <Form action="/off-record/rule" label={title}>
            <Hidden name="id" value={value('id') ?? id} />
            <RadioGroup
              name="allowed"
              label={labels.allowed}
              value={value('allowed') ?? 'yes'}
              error={errors?.allowed}
              options={['yes', 'no'].map((one) => ({ value: one, label: t(`off-record.rule.may-${one}`) }))}
            />
            <TextArea
              name="words"
              label={labels.words}
              hint={t('off-record.rule.words-hint')}
              value={value('words')}
              error={errors?.words}
              rows={5}
              maxlength={4_000}
              required
            />
            <Button label={t('off-record.rule.save')} />
          </Form>
        </>
      ) : (
        <RuleNote rule={rule} t={t} language={language} zone={viewer.person.zone} />
      )}
    </Framed>
  )
}
