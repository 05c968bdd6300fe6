import type { Visit } from '../../../core/module/types.ts'
import { Button, Form, LinkButton, PageHead, Paper, Quiet, RadioGroup, Row } from '../../../web/index.ts'
import { Framed } from '../../frame/index.ts'
import { TermsOfUseLines } from '../faces/terms-of-use.tsx'
import type { TermsOfUse } from '../acts.ts'
import type { ExecutionRow } from '../tables.ts'

interface Props {
  visit: Visit
  row: ExecutionRow
  terms?: TermsOfUse | undefined
  conditions?: string | undefined
  errors?: Record<string, string> | undefined
}

const Terms = ({ visit: { t, language }, terms, conditions }: Props) => (
  <Paper>
    {terms ? <TermsOfUseLines terms={terms} t={t} language={language} /> : <p>{t('assistance.terms.none')}</p>}
    {conditions !== undefined && <p dir="auto">{conditions}</p>}
  </Paper>
)

/** The terms, and the button that binds us to them. */
export function TermsPage(props: Props) {
  const { visit, row } = props
  const { t, services, language } = visit
  const title = t('assistance.action.take-terms')
  return (
    <Framed visit={visit} title={title} current="/assistance">
      <PageHead
        title={title}
        lead={t('assistance.terms.take-lead', { party: services.nameOf(row.author, language) })}
      />
      <Terms {...props} />
      <Form action={`/assistance/executions/${row.hash}/terms`}>
        <Row>
          <Button label={t('assistance.terms.take')} />
          <LinkButton plain href={`/assistance/${row.request}`} label={t('assistance.write.see')} />
        </Row>
      </Form>
    </Framed>
  )
}

/** What became of what was handed over to us. */
export function DisposePage(props: Props) {
  const { visit, row, errors = {} } = props
  const { t } = visit
  const title = t('assistance.action.dispose')
  return (
    <Framed visit={visit} title={title} current="/assistance">
      <PageHead title={title} />
      <Terms {...props} />
      <Form action={`/assistance/executions/${row.hash}/dispose`}>
        <RadioGroup
          name="how"
          label={t('assistance.terms.how')}
          error={errors.how}
          required
          options={['returned', 'deleted'].map((one) => ({ value: one, label: t(`assistance.how.${one}`) }))}
        />
        <Quiet small>{t('assistance.terms.copies')}</Quiet>
        <Button label={t('assistance.terms.say')} />
      </Form>
    </Framed>
  )
}
