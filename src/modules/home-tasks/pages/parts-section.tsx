import { named } from '../../../core/dated-data/index.ts'
import { Entry, FormLine, Paper, Quiet, Section } from '../../../web/index.ts'
import { Signed } from '../../frame/index.ts'
import { Actions } from './parts.tsx'
import type { TaskProps } from './task-page.tsx'

/** What was asked for, part by part: what goes, what does not, and on which ground. */
export function PartsSection(props: TaskProps) {
  const { visit, task, loaded } = props
  const { t } = visit
  return (
    <Section title={t('home-tasks.parts.title')} id="parts">
      {task.parts.length === 0 && <Quiet>{t('home-tasks.parts.none')}</Quiet>}
      {task.parts.map((part) => (
        <Entry key={part.id} margin={<Signed visit={visit} by={loaded.nameOf(part.by)} at={part.at} />}>
          <FormLine>
            {t(`home-tasks.decision.${part.decision}`)}
            {part.ground !== '' && ` · ${groundName(props, part.ground)}`}
          </FormLine>
          <h3 dir="auto">{part.title}</h3>
          {part.words !== '' && (
            <Paper>
              <p dir="auto">{part.words}</p>
            </Paper>
          )}
          {part.why !== '' && <p dir="auto">{part.why}</p>}
          <Actions {...props} forms={['parts']} of={part.part} label={t('home-tasks.parts.change')} />
        </Entry>
      ))}
      <Actions {...props} forms={['parts']} label={t('home-tasks.parts.add')} />
      <Quiet small>
        <a href="/register">{t('home-tasks.parts.copies')}</a>
      </Quiet>
    </Section>
  )
}

function groundName({ visit: { language }, loaded }: TaskProps, id: string): string {
  const found = loaded.grounds.content.grounds.find((one) => one.id === id)
  return found ? named(found.names, language) : id
}
