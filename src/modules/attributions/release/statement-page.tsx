import type { Visit } from '../../../core/module/types.ts'
import {
  Button,
  ButtonForm,
  Form,
  FormLine,
  LinkButton,
  Pairs,
  Paper,
  Quiet,
  Row,
  Section,
  TextArea,
  TlpLabel,
  Trouble,
} from '../../../web/index.ts'
import { isAmongParties } from '../../channels/index.ts'
import { Items } from '../decide/decision-page.tsx'
import type { LoadedRegister } from '../load-register.ts'
import { type Returned, returnedTo, Signed, WhatIsWrong } from '../../frame/index.ts'
import { AttributionFrame, pathOf } from '../pages/parts.tsx'
import type { Published } from '../publish/find-published.ts'
import { PublishSection } from '../publish/publish-section.tsx'
import type { Statement } from './statements.ts'

interface Props {
  visit: Visit
  register: LoadedRegister
  statement: Statement
  /** Its items may still be named as they are. */
  isNamable: boolean
  /** How far it has come on its way to everybody. */
  published?: Published
  fingerprint?: string
  returned?: Returned
}

/** What is said at one level: exactly these words and items, to whom, under which marking, and who released it. */
export function StatementPage(props: Props) {
  const { visit, register, statement, isNamable } = props
  const { t } = visit
  const { incident } = register.loaded
  const { level, evidence, ended } = statement
  return (
    <AttributionFrame visit={visit} incident={incident} title={t(`attributions.level.${level}`)} sub>
      {ended && (
        <Trouble
          what={t(`attributions.statement.${statement.state}`)}
          do={
            <>
              <bdi>{ended.why}</bdi> <Signed visit={visit} by={register.nameOf(ended.by)} at={ended.at} />
            </>
          }
        />
      )}
      {!ended && !isNamable && <Trouble what={t('attributions.statement.evidence-changed')} />}
      <Paper language={statement.language}>
        <FormLine>{statement.reference ?? t(`attributions.state.${statement.state}`)}</FormLine>
        <h2 dir="auto">{statement.subject}</h2>
        {statement.text.split(/\n\s*\n/).map((one) => (
          <p key={one} dir="auto">
            {one}
          </p>
        ))}
      </Paper>
      <Section title={t('attributions.statement.leaves')} id="leaves">
        <Pairs
          items={[
            { term: t('attributions.statement.to'), detail: t(`attributions.statement.to-${level}`) },
            { term: t('markings.marking'), detail: <TlpLabel marking={{ tlp: statement.tlp }} /> },
            {
              term: t('attributions.statement.evidence'),
              detail: t('attributions.statement.items', { count: evidence.length, left: statement.leftOut }),
            },
            { term: 'SHA-256', detail: <code>{statement.hash}</code> },
            {
              term: t('attributions.statement.proposed'),
              detail: <Signed visit={visit} by={register.nameOf(statement.proposedBy)} at={statement.proposedAt} />,
            },
            statement.releasedBy !== undefined && {
              term: t('attributions.statement.released'),
              detail: (
                <Signed visit={visit} by={register.nameOf(statement.releasedBy)} at={statement.releasedAt ?? 0} />
              ),
            },
          ]}
        />
        <Items visit={visit} items={evidence} />
      </Section>
      <ToState {...props} />
      <PublishSection {...props} at={`${pathOf(incident)}/statements/${statement.id}`} />
      <Steps {...props} />
    </AttributionFrame>
  )
}

/** Where these words can be stated to others: each leads to a draft, and nothing goes by itself. */
function ToState({ visit, register, statement, isNamable }: Props) {
  const { t, viewer, language } = visit
  const { loaded, decisions } = register
  const isSayable = statement.state === 'released' && decisions[0]?.id === statement.decision && isNamable
  if (statement.level !== 'partners' || !isSayable || !viewer.may('attributions.attribution-stated:draft')) return null
  const spaces = loaded.spaces.filter((space) => isAmongParties(space) && space.members.length > 1)
  return (
    <Section title={t('attributions.statement.state')} id="state">
      <Quiet>
        {t(spaces.length === 0 ? 'attributions.statement.state-none' : 'attributions.statement.state-lead')}
      </Quiet>
      <Row>
        {spaces.map((space) => (
          <LinkButton
            key={space.id}
            plain
            href={`/spaces/${space.id}/write/attributions.attribution-stated?statement=${statement.id}`}
            label={t('attributions.action.stated', {
              space: space.title[language] ?? space.title.en ?? Object.values(space.title)[0] ?? space.id,
            })}
          />
        ))}
      </Row>
    </Section>
  )
}

function Steps({ visit, register, statement, isNamable, returned }: Props) {
  const { t, viewer } = visit
  const at = `${pathOf(register.loaded.incident)}/statements/${statement.id}`
  const { state, level, decision } = statement
  const mayRelease = viewer.may('incidents.attribution:release')
  const { value, error } = returnedTo(returned)
  const labels = { why: t('attributions.statement.why') }
  return (
    <>
      {state === 'proposed' && mayRelease && statement.proposedBy !== viewer.person.id && isNamable && (
        <ButtonForm
          action={`${at}/release`}
          label={t(`attributions.statement.release-${level}`)}
          fields={{ seen: statement.hash }}
        />
      )}
      {state === 'proposed' && statement.proposedBy === viewer.person.id && <p>{t('attributions.statement.waits')}</p>}
      {(state === 'proposed' || state === 'released') && mayRelease && (
        <Section title={t(`attributions.statement.end-${state}`)} id="end">
          <WhatIsWrong returned={returned} labels={labels} />
          <Form
            action={`${at}/${state === 'proposed' ? 'return' : 'withdraw'}`}
            label={t(`attributions.statement.end-${state}`)}
          >
            <TextArea
              name="why"
              label={labels.why}
              rows={3}
              value={value('why')}
              error={error('why')}
              required
              maxlength={8_000}
            />
            <Button plain label={t(`attributions.statement.end-${state}`)} />
          </Form>
        </Section>
      )}
      {state !== 'proposed' && viewer.may('incidents:draft') && register.decisions[0]?.id === decision && (
        <p>
          <LinkButton
            plain
            href={`${pathOf(register.loaded.incident)}/decisions/${decision}/say?level=${level}&corrects=${statement.id}`}
            label={t('attributions.statement.correct')}
          />
        </p>
      )}
    </>
  )
}
