import { newId } from '../../../protocol/index.ts'
import { Button, Field, Form, Hidden } from '../../../web/index.ts'
import type { FormProps } from './form-page.tsx'
import { returnedTo } from '../../frame/index.ts'
import { NamedMomentFields } from './parts.tsx'

const today = ({ services, viewer }: FormProps['visit']): string =>
  new Date(services.clock.now()).toLocaleDateString('sv', { timeZone: viewer.person.zone })

type Said = ReturnType<typeof returnedTo>

/** Words that a step asks for. */
function Words({
  visit: { t },
  said,
  name,
  label = name,
  usual = '',
}: {
  visit: FormProps['visit']
  said: Said
  name: string
  label?: string
  usual?: string
}) {
  return (
    <Field
      name={name}
      label={t(`home-tasks.field.${label}`)}
      value={said.value(name, usual)}
      error={said.error(name)}
      required
      maxlength={name === 'to' ? 300 : 1000}
      width="long"
    />
  )
}

function On({ visit, said }: { visit: FormProps['visit']; said: Said }) {
  return (
    <Field
      name="on"
      type="date"
      label={visit.t('home-tasks.field.on')}
      value={said.value('on', today(visit))}
      error={said.error('on')}
      required
    />
  )
}

export function SendBackForm({ visit, task, returned }: FormProps) {
  const { t } = visit
  const said = returnedTo(returned, 'send-back')
  return (
    <Form action={`/home-tasks/${task.id}/send-back`} label={t('home-tasks.form-title.send-back')}>
      <Hidden name="id" value={newId()} />
      <Hidden name="seen" value={task.as} />
      <Words visit={visit} said={said} name="reason" />
      <Button label={t('home-tasks.form-title.send-back')} />
    </Form>
  )
}

export function LegalForm({ visit, task, returned }: FormProps) {
  const { t } = visit
  const said = returnedTo(returned, 'legal')
  return (
    <Form action={`/home-tasks/${task.id}/legal`} label={t('home-tasks.form-title.legal')}>
      <Hidden name="id" value={newId()} />
      <Words visit={visit} said={said} name="legalReason" />
      <Button label={t('home-tasks.form-title.legal')} />
    </Form>
  )
}

/** By the extension of its rule, or to another named day. */
export function ExtendForm({ visit, task, returned }: FormProps) {
  const { t } = visit
  const said = returnedTo(returned, 'extend')
  return (
    <Form action={`/home-tasks/${task.id}/extend`} label={t('home-tasks.form-title.extend')}>
      <Hidden name="id" value={newId()} />
      {task.term === undefined && <NamedMomentFields visit={visit} value={said.value} error={said.error} required />}
      <Words visit={visit} said={said} name="extendReason" />
      <Button label={t('home-tasks.form-title.extend')} />
    </Form>
  )
}

export function TransferForm({ visit, task, returned }: FormProps) {
  const { t } = visit
  const said = returnedTo(returned, 'transfer')
  return (
    <Form action={`/home-tasks/${task.id}/transfer`} label={t('home-tasks.form-title.transfer')}>
      <Hidden name="id" value={newId()} />
      <On visit={visit} said={said} />
      <Words visit={visit} said={said} name="to" />
      <Words visit={visit} said={said} name="closeReason" />
      <Button label={t('home-tasks.form-title.transfer')} />
    </Form>
  )
}

export function WithdrawForm({ visit, task, returned }: FormProps) {
  const { t } = visit
  const said = returnedTo(returned, 'withdraw')
  return (
    <Form action={`/home-tasks/${task.id}/withdraw`} label={t('home-tasks.form-title.withdraw')}>
      <Hidden name="id" value={newId()} />
      <On visit={visit} said={said} />
      <Words visit={visit} said={said} name="closeReason" />
      <Button label={t('home-tasks.form-title.withdraw')} />
    </Form>
  )
}

export function AnswerForm({ visit, task, returned }: FormProps) {
  const { t } = visit
  const said = returnedTo(returned, 'answer')
  const usual = task.about.member ?? task.about.minister ?? ''
  return (
    <Form action={`/home-tasks/${task.id}/answer`} label={t('home-tasks.form-title.answer')}>
      <Hidden name="id" value={newId()} />
      <Hidden name="seen" value={task.as} />
      <On visit={visit} said={said} />
      <Words visit={visit} said={said} name="to" label="to-answer" usual={usual} />
      <Button label={t('home-tasks.form-title.answer')} />
    </Form>
  )
}
