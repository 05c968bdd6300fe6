import { z } from 'zod'
import { Refusal } from '../../../core/http/index.ts'
import { reveal } from '../../../core/markings/index.ts'
import type { Answer, OrphanedAct, SpaceFacts, Visit } from '../../../core/module/types.ts'
import { ButtonForm, Entry, FormLine, Quiet, Section, TlpLabel, Trouble } from '../../../web/index.ts'
import { getSpace } from '../find-space.ts'
import { findFace, readerOf } from '../show-acts.ts'
import { Moment } from './act-entry.tsx'

/** Acts of a record that was left, with their words where this person may read them. */
export interface LeftAct {
  act: OrphanedAct
  form: string
  headline: string
  mayBeSaid: boolean
}

export async function loadLeft(visit: Visit, space: SpaceFacts): Promise<LeftAct[]> {
  const { services, viewer, t, language } = visit
  const all = (await services.ledger.orphans(space.id)).filter(({ again }) => !again)
  if (all.length === 0) return []
  const waiting = new Set((await services.tenders.list(space.id)).map(({ hash }) => hash))
  const left = all.filter(({ hash }) => !waiting.has(hash))
  const contents = await services.tenders.content(left)
  return left.map((act) => {
    const { statement, hash, index, time } = act
    const face = findFace(services, statement.type)
    const marked = contents.get(hash)
    const revealed = marked && reveal(marked, readerOf(services, viewer), 'page')
    const content = revealed?.shown ? revealed.value : undefined
    const shown = { act: { space: space.id, index, hash, time, scenarioTime: time, statement }, space, content }
    return {
      act,
      form: face?.form(t, content?.body) ?? statement.type,
      headline: face && content ? face.headline({ shown, services, viewer, t, language }) : statement.type,
      mayBeSaid: statement.author === services.party && viewer.may('spaces.left:release'),
    }
  })
}

/** What the old host had put on its record after the line was cut: kept, and on no record now. */
export function LeftSection({ visit, space, left }: { visit: Visit; space: SpaceFacts; left: readonly LeftAct[] }) {
  const { services, viewer, t, language } = visit
  if (left.length === 0) return null
  const name = (party: string) => services.nameOf(party, language)
  return (
    <Section title={t('spaces.left.title')} id="left">
      <Trouble
        title={t('spaces.left.what', { host: name(left[0]?.act.host ?? '') })}
        what={t('spaces.left.why', { host: name(left[0]?.act.host ?? ''), now: name(space.host) })}
        do={t('spaces.left.do')}
      />
      {left.map(({ act, form, headline, mayBeSaid }) => (
        <Entry
          key={act.hash}
          id={`act-${act.hash}`}
          margin={
            <>
              <p class="small">
                <Moment ms={act.time} zone={viewer.person.zone} language={language} />
              </p>
              <p>
                <TlpLabel marking={act.statement.marking} />
              </p>
            </>
          }
        >
          <FormLine>
            {form} · {name(act.statement.author)}
          </FormLine>
          <h3>{headline}</h3>
          {mayBeSaid ? (
            <ButtonForm action={`/spaces/${space.id}/left/${act.hash}`} label={t('spaces.left.say-again')} />
          ) : (
            <Quiet>
              {t(act.statement.author === services.party ? 'spaces.left.ours' : 'spaces.left.theirs', {
                party: name(act.statement.author),
              })}
            </Quiet>
          )}
        </Entry>
      ))}
    </Section>
  )
}

export const sayAgainInput = z.object({})

/** Signs the act anew, under the same id, with the present record in view. */
export async function sayAgain(visit: Visit): Promise<Answer> {
  const { services, params, t } = visit
  const space = await getSpace(services, params.space)
  const left = (await services.ledger.orphans(space.id)).find(({ hash }) => hash === params.hash)
  if (left?.statement.author !== services.party) throw new Refusal('not-found')
  const here = `/spaces/${space.id}`
  if (left.again) return { redirect: here, notice: t('spaces.sent.on-record') }
  const done = await services.outbox.sayAgain(left.hash)
  if (done.state === 'refused') throw new Refusal('spaces.act-refused', { rule: done.rule })
  return { redirect: here, data: { ...done }, notice: t(`spaces.sent.${done.state}`) }
}
