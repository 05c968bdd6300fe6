import { languageName } from '../../../text/index.ts'
import { Details, Paper, Quiet, Section } from '../../../web/index.ts'
import { Signed } from '../../frame/index.ts'
import { Actions } from './parts.tsx'
import type { TaskProps } from './task-page.tsx'

/** The words, one text to a language; earlier ones stay below. */
export function TextSection(props: TaskProps) {
  const { visit, task, loaded } = props
  const { t } = visit
  return (
    <Section title={t('home-tasks.text.title')} id="text">
      {task.texts.length === 0 && <Quiet>{t('home-tasks.text.none')}</Quiet>}
      {task.texts.map((text) => (
        <div key={text.id}>
          <h3>{languageName(text.language)}</h3>
          <Paper language={text.language}>
            {text.words.split(/\n\s*\n/).map((paragraph) => (
              <p key={paragraph} dir="auto">
                {paragraph}
              </p>
            ))}
          </Paper>
          <Signed visit={visit} by={loaded.nameOf(text.by)} at={text.at} />
          <Actions
            {...props}
            forms={['text']}
            of={text.id}
            label={t('home-tasks.text.change', { language: languageName(text.language) })}
          />
        </div>
      ))}
      <Actions
        {...props}
        forms={['text']}
        label={t(task.texts.length === 0 ? 'home-tasks.text.write' : 'home-tasks.text.another')}
      />
      {task.earlierTexts.length > 0 && (
        <Details summary={t('home-tasks.text.earlier', { count: task.earlierTexts.length })}>
          {task.earlierTexts.map((text) => (
            <div key={text.id}>
              <Paper language={text.language}>
                <p dir="auto">{text.words}</p>
              </Paper>
              <Signed visit={visit} by={loaded.nameOf(text.by)} at={text.at} />
            </div>
          ))}
        </Details>
      )}
    </Section>
  )
}
