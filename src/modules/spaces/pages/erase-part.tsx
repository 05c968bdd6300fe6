import { z } from 'zod'
import { Refusal } from '../../../core/http/index.ts'
import type { Answer, Visit } from '../../../core/module/types.ts'
import { newId } from '../../../protocol/index.ts'
import { Button, CheckboxGroup, Details, Form, Hidden, Quiet, Row } from '../../../web/index.ts'
import { getAct, getSpace } from '../find-space.ts'
import type { TimelineAct } from '../timeline.ts'

export const eraseInput = z.object({
  id: z.string().regex(/^[0-9a-f]{32}$/),
  parts: z
    .array(z.string().regex(/^[A-Za-z0-9_-]{43}$/))
    .min(1)
    .max(64),
})

/** Words and files of an act of ours that are still there: structure stays, since others' acts rest on it. */
function erasable({ shown: { act, content }, erased }: TimelineAct): { hash: string; role: string; name?: string }[] {
  const names = new Map(content?.attachments.map((one) => [one.hash, one.name]))
  return act.statement.parts
    .filter((part) => part.role === 'text' || part.role === 'attachment')
    .filter((part) => !(part.role === 'text' && erased.includes('text')))
    .map((part) => ({ hash: part.hash, role: part.role, name: names.get(part.hash) }))
}

/** Folded at the foot of a proof page; nothing for acts of others or for people without the power. */
export function EraseForm({ visit: { services, viewer, t }, act }: { visit: Visit; act: TimelineAct }) {
  const { act: logged } = act.shown
  const parts = erasable(act)
  const isOurs = logged.statement.author === services.party
  if (!isOurs || parts.length === 0 || !viewer.may('spaces.erasure:release')) return null
  return (
    <Details summary={t('spaces.erase.title')}>
      <Quiet>{t('spaces.erase.explained')}</Quiet>
      <Form action={`/spaces/${logged.space}/acts/${logged.hash}/erase`}>
        <Hidden name="id" value={newId()} />
        <CheckboxGroup
          name="parts"
          label={t('spaces.erase.parts')}
          required
          options={parts.map((part) => ({ value: part.hash, label: part.name ?? t('spaces.erase.text') }))}
        />
        <Row>
          <Button label={t('spaces.erase.do')} danger />
        </Row>
      </Form>
    </Details>
  )
}

/** Puts the erasure on the record; every member that keeps to the rules stops showing the parts at once. */
export async function eraseParts(visit: Visit<z.infer<typeof eraseInput>>): Promise<Answer> {
  const { services, viewer, params, input, t } = visit
  const space = await getSpace(services, params.space)
  const act = await getAct(services, space, params.hash)
  if (act.statement.author !== services.party) throw new Refusal('not-permitted')
  const sent = await services.outbox.send({
    space: space.id,
    type: 'space.payload-erased',
    id: input.id,
    office: viewer.office.id,
    body: { act: act.hash, parts: input.parts },
    marking: act.statement.marking,
    refs: [{ act: act.hash }],
  })
  if (sent.state === 'refused') throw new Refusal('spaces.act-refused', { rule: sent.rule })
  return {
    redirect: `/spaces/${space.id}/acts/${act.hash}`,
    data: { id: input.id, actHash: sent.hash, state: sent.state },
    notice: t(`spaces.sent.${sent.state}`),
  }
}
