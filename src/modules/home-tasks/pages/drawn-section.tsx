import { newId } from '../../../protocol/index.ts'
import { ButtonForm, Entry, FormLine, Quiet, Section } from '../../../web/index.ts'
import type { Drawn } from '../read-tasks.ts'
import { Signed } from '../../frame/index.ts'
import { Actions } from './parts.tsx'
import type { TaskProps } from './task-page.tsx'

/** What the words were drawn from, what of it is another thing by now, and what may be drawn. */
export function DrawnSection(props: TaskProps) {
  const { visit, task } = props
  const { t } = visit
  return (
    <Section title={t('home-tasks.drawn.title')} id="drawn">
      {task.drawn.length === 0 && <Quiet>{t('home-tasks.drawn.none')}</Quiet>}
      {task.drawn.map((one) => (
        <DrawnEntry key={one.row} {...props} one={one} />
      ))}
      {task.links.length === 0 && task.state === 'open' ? (
        <Quiet>{t('home-tasks.drawn.tie-first')}</Quiet>
      ) : (
        <Actions {...props} forms={['draw']} />
      )}
    </Section>
  )
}

function DrawnEntry({ one, ...props }: TaskProps & { one: Drawn }) {
  const { visit, task, loaded } = props
  const { t, viewer } = visit
  const mayChange = task.state === 'open' && viewer.may('incidents.tasks:draft')
  const codeName = task.links.find(({ incident }) => incident === one.incident)?.of.codeName ?? ''
  return (
    <Entry margin={<Signed visit={visit} by={loaded.nameOf(one.by)} at={one.at} />}>
      <FormLine>
        <bdi>{codeName}</bdi> · {t(`home-tasks.item.${one.kind}`)} · {`TLP:${one.marking}`}
      </FormLine>
      <p>{one.isFlagged ? <del dir="auto">{one.words}</del> : <span dir="auto">{one.words}</span>}</p>
      {one.isFlagged && (
        <>
          <p>
            <strong>{t(one.now ? 'home-tasks.drawn.changed' : 'home-tasks.drawn.gone')}</strong>{' '}
            {one.now && <ins dir="auto">{one.now.words}</ins>}
          </p>
          {one.now && <Actions {...props} forms={['confirm']} of={one.row} />}
        </>
      )}
      {mayChange && (
        <ButtonForm
          plain
          action={`/home-tasks/${task.id}/drop`}
          label={t('home-tasks.drawn.drop')}
          fields={{ id: newId(), row: one.row }}
        />
      )}
    </Entry>
  )
}
