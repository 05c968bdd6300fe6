import type { FunctionComponent } from 'preact'
import { PageHead } from '../../../web/index.ts'
import { Framed, WhatIsWrong } from '../../frame/index.ts'
import { AssignForm, ConfirmForm, DrawForm, LinkForm, PartForm, TextForm } from './draft-forms.tsx'
import { AnswerForm, ExtendForm, LegalForm, SendBackForm, TransferForm, WithdrawForm } from './end-forms.tsx'
import type { TaskProps } from './task-page.tsx'

export interface FormProps extends TaskProps {
  /** Text, item or part that the form is about. */
  of?: string
}

const forms = {
  assign: AssignForm,
  link: LinkForm,
  text: TextForm,
  draw: DrawForm,
  confirm: ConfirmForm,
  parts: PartForm,
  legal: LegalForm,
  'send-back': SendBackForm,
  extend: ExtendForm,
  transfer: TransferForm,
  withdraw: WithdrawForm,
  answer: AnswerForm,
} as const satisfies Record<string, FunctionComponent<FormProps>>
export type FormName = keyof typeof forms

/** What has a form; other steps are a button. */
export const isForm = (name: string): name is FormName => Object.hasOwn(forms, name)

/** One form of a task on a page of its own. */
export function FormPage({ name, ...props }: FormProps & { name: FormName }) {
  const { visit, task, returned } = props
  const { t } = visit
  const OneForm: FunctionComponent<FormProps> = forms[name]
  const title = t(`home-tasks.form-title.${name}`)
  return (
    <Framed visit={visit} title={`${title}: ${task.reference}`} current="/home-tasks" marking={{ tlp: task.marking }}>
      <PageHead
        form={
          <>
            {t(`home-tasks.kind.${task.kind}`)} · <bdi>{task.reference}</bdi> · <span dir="auto">{task.title}</span>
          </>
        }
        title={title}
        lead={t(`home-tasks.form-lead.${name}`)}
      />
      <p>
        <a href={`/home-tasks/${task.id}`}>{t('home-tasks.back-to-task', { reference: task.reference })}</a>
      </p>
      <WhatIsWrong returned={returned} />
      <OneForm {...props} />
    </Framed>
  )
}
