import { named } from '../../../core/dated-data/index.ts'
import { newId } from '../../../protocol/index.ts'
import { languageName } from '../../../text/index.ts'
import {
  Button,
  CheckboxGroup,
  Field,
  Form,
  Hidden,
  Paper,
  Quiet,
  RadioGroup,
  Select,
  TextArea,
} from '../../../web/index.ts'
import { itemKey } from '../items.ts'
import { decisions, wordsLength } from '../kinds.ts'
import type { FormProps } from './form-page.tsx'
import { returnedTo } from '../../frame/index.ts'

export function AssignForm({ visit: { t, viewer }, task, loaded, returned }: FormProps) {
  const { value, error } = returnedTo(returned, 'assign')
  return (
    <Form action={`/home-tasks/${task.id}/assign`} label={t('home-tasks.form-title.assign')}>
      <Hidden name="id" value={newId()} />
      <Select
        name="person"
        label={t('home-tasks.field.person')}
        value={value('person', task.assigned ?? viewer.person.id)}
        error={error('person')}
        required
        options={loaded.people.map(({ id, name }) => ({ value: id, label: name }))}
      />
      <Button label={t('home-tasks.assign')} />
    </Form>
  )
}

export function LinkForm({ visit: { t }, task, loaded, returned }: FormProps) {
  const { value, error } = returnedTo(returned, 'link')
  return (
    <Form action={`/home-tasks/${task.id}/link`} label={t('home-tasks.form-title.link')}>
      <Hidden name="id" value={newId()} />
      <Hidden name="linked" value="yes" />
      <Select
        name="incident"
        label={t('home-tasks.field.incident')}
        hint={t('home-tasks.field.incident-hint')}
        value={value('incident')}
        error={error('incident')}
        required
        placeholder={t('incidents.write.choose')}
        options={loaded.incidents.map(({ id, name }) => ({ value: id, label: name }))}
      />
      <Button label={t('home-tasks.links.tie')} />
    </Form>
  )
}

/** The words of one language, or of one more; what may be said of the incident stands beside. */
export function TextForm({ visit, task, returned, of }: FormProps) {
  const { t, language } = visit
  const { value, error, isMine } = returnedTo(returned, 'text')
  const chosen = isMine ? value('seen') : of
  const text = task.texts.find(({ id }) => id === chosen)
  const usual = task.texts.some((one) => one.language === language) ? '' : language
  return (
    <>
      <Form action={`/home-tasks/${task.id}/text`} label={t('home-tasks.form-title.text')}>
        <Hidden name="id" value={newId()} />
        <Hidden name="seen" value={text?.id ?? ''} />
        <Field
          name="language"
          label={t('home-tasks.field.language')}
          hint={text ? languageName(text.language) : t('home-tasks.field.language-hint')}
          value={text?.language ?? value('language', usual)}
          error={error('language')}
          required
          readonly={text !== undefined}
          maxlength={12}
          width="short"
        />
        <TextArea
          name="words"
          label={t('home-tasks.field.words')}
          hint={t('home-tasks.field.words-hint')}
          value={value('words', text?.words ?? '')}
          error={error('words')}
          required
          rows={12}
          maxlength={wordsLength}
          {...(text && { language: text.language })}
        />
        <Button label={t('home-tasks.text.save')} />
      </Form>
      {task.drawn.length > 0 && (
        <>
          <h2>{t('home-tasks.drawn.title')}</h2>
          <Paper>
            {task.drawn.map((one) => (
              <p key={one.row} dir="auto">
                {one.words}
              </p>
            ))}
          </Paper>
        </>
      )}
    </>
  )
}

/** Only what is permitted at the marking of the task is there to be chosen; of the rest nothing is said, nor counted. */
export function DrawForm({ visit: { t }, task, loaded, returned }: FormProps) {
  const { values, error } = returnedTo(returned, 'draw')
  if (loaded.items.length === 0) return <Quiet>{t('home-tasks.drawn.nothing', { marking: task.marking })}</Quiet>
  const nameOf = new Map(task.links.map(({ incident, of }) => [incident, of.codeName]))
  return (
    <Form action={`/home-tasks/${task.id}/draw`} label={t('home-tasks.form-title.draw')}>
      <Hidden name="id" value={newId()} />
      <CheckboxGroup
        name="items"
        label={t('home-tasks.field.items')}
        hint={t('home-tasks.field.items-hint', { marking: task.marking })}
        values={values('items')}
        error={error('items')}
        required
        options={loaded.items.map((item) => ({
          value: itemKey(item),
          label: item.words,
          hint: `${nameOf.get(item.incident) ?? ''} · ${t(`home-tasks.item.${item.kind}`)} · TLP:${item.marking}`,
        }))}
      />
      <Button label={t('home-tasks.drawn.save')} />
    </Form>
  )
}

/** Beside what an item said then, what it says now, and why the words stand all the same. */
export function ConfirmForm({ visit: { t }, task, returned, of }: FormProps) {
  const { value, error, isMine } = returnedTo(returned, 'confirm')
  const one = task.drawn.find(({ row }) => row === (isMine ? value('row') : of))
  if (!one?.now) return <Quiet>{t('home-tasks.drawn.gone')}</Quiet>
  return (
    <>
      <p>
        <del dir="auto">{one.words}</del>
      </p>
      <p>
        <ins dir="auto">{one.now.words}</ins>
      </p>
      <Form action={`/home-tasks/${task.id}/confirm`} label={t('home-tasks.form-title.confirm')}>
        <Hidden name="id" value={newId()} />
        <Hidden name="row" value={one.row} />
        <Hidden name="seen" value={one.now.stamp} />
        <Field
          name="why"
          label={t('home-tasks.field.why')}
          value={value('why')}
          error={error('why')}
          required
          maxlength={1000}
          width="long"
        />
        <Button label={t('home-tasks.drawn.confirm')} />
      </Form>
    </>
  )
}

/** One part of what was asked for: what goes of it, and on which ground the rest does not. */
export function PartForm({ visit, task, loaded, returned, of }: FormProps) {
  const { t, language } = visit
  const { value, error, isMine } = returnedTo(returned, 'parts')
  const part = task.parts.find((one) => one.part === (isMine ? value('part') : of))
  return (
    <Form action={`/home-tasks/${task.id}/parts`} label={t('home-tasks.form-title.parts')}>
      <Hidden name="id" value={newId()} />
      {part && <Hidden name="part" value={part.part} />}
      <Field
        name="partTitle"
        label={t('home-tasks.field.partTitle')}
        value={value('partTitle', part?.title)}
        error={error('partTitle')}
        required
        maxlength={300}
        width="long"
      />
      <RadioGroup
        name="decision"
        label={t('home-tasks.field.decision')}
        value={value('decision', part?.decision ?? 'released')}
        error={error('decision')}
        required
        options={decisions.map((one) => ({ value: one, label: t(`home-tasks.decision.${one}`) }))}
      />
      <Select
        name="ground"
        label={t('home-tasks.field.ground')}
        hint={t('home-tasks.field.ground-hint')}
        value={value('ground', part?.ground)}
        error={error('ground')}
        required={false}
        placeholder={t('home-tasks.field.no-ground')}
        options={loaded.grounds.content.grounds.map((one) => ({ value: one.id, label: named(one.names, language) }))}
      />
      <TextArea
        name="partWords"
        label={t('home-tasks.field.partWords')}
        hint={t('home-tasks.field.partWords-hint')}
        value={value('partWords', part?.words)}
        error={error('partWords')}
        required={false}
        rows={5}
        maxlength={wordsLength}
      />
      <Field
        name="why"
        label={t('home-tasks.field.partWhy')}
        value={value('why', part?.why)}
        error={error('why')}
        required={false}
        maxlength={1000}
        width="long"
      />
      <Button label={t('home-tasks.parts.save')} />
    </Form>
  )
}
