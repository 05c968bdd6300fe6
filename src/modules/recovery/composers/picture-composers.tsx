import { z } from 'zod'
import { InvalidInput, Refusal } from '../../../core/http/index.ts'
import { hash, paragraphsOf } from '../../../core/module/fields.ts'
import type { Composer, ComposerProps, Services, SpaceFacts, Viewer } from '../../../core/module/types.ts'
import { tlpText } from '../../../core/markings/index.ts'
import { formatList } from '../../../text/index.ts'
import { CheckboxGroup, Hidden, Quiet, TextArea } from '../../../web/index.ts'
import { getIncident, listIncidentChoices } from '../../incidents/index.ts'
import { mostTold } from '../acts.ts'
import { readPlan } from '../plan/read-plans.ts'
import { inside } from '../pages/words.ts'
import { keepShared, ownPictures } from '../share/shared-rows.ts'
import { tellPicture } from '../share/tell-picture.ts'

const id = z.string().regex(/^[0-9a-f]{32}$/)
const kinds = ['case', 'channel', 'negotiation']
const words = z.string().trim().max(20_000).default('')
const chosen = z.preprocess(
  (value) => (value === undefined || value === '' ? [] : [value].flat()),
  z.array(id).min(1, 'recovery.invalid.choose').max(mostTold),
)
const sharedInput = z.object({ incident: id, services: chosen, words })
const updatedInput = sharedInput.extend({ picture: hash })
const endedInput = z.object({ picture: hash, words })

const isMember = ({ party }: Services, { members, kind }: SpaceFacts): boolean =>
  kinds.includes(kind) &&
  members.some((one) => one.party === party && one.role !== 'observer' && one.until === undefined) &&
  members.filter((one) => one.until === undefined).length > 1

const mayStart = (type: string) => async (services: Services, viewer: Viewer, space: SpaceFacts) =>
  viewer.may(`${type}:draft` as never) && viewer.may('incidents:read') && isMember(services, space)

/** Of which incident, which services, and words beside them. */
async function PictureFields(props: ComposerProps) {
  const { services, viewer, values, errors, query, t, language } = props
  const own = await ownOf(props)
  const incident = String(values.incident ?? own?.incident ?? query.get('incident') ?? '')
  if (incident === '') return <ChooseIncident {...props} />
  await getIncident(services, viewer, incident)
  const plan = await readPlan(services, viewer, incident)
  if (plan.services.length === 0) return <Quiet>{t('recovery.share.nothing')}</Quiet>
  const before = values.services === undefined ? (own?.services ?? []) : [values.services].flat().map(String)
  return (
    <>
      <Hidden name="incident" value={incident} />
      {own && <Hidden name="picture" value={own.picture} />}
      <Quiet>{t('recovery.share.lead')}</Quiet>
      <CheckboxGroup
        name="services"
        label={t('recovery.share.services')}
        error={errors.services}
        values={before}
        options={plan.services.map((one) => ({
          value: one.id,
          label: `${inside(language, one.content.name)} · ${tlpText(one.tlp)}`,
        }))}
      />
      <TextArea
        name="words"
        label={t('recovery.share.words')}
        value={String(values.words ?? '')}
        error={errors.words}
        rows={4}
        required={false}
      />
      <Quiet small>
        <a href={`/incidents/${incident}/recovery`}>{t('recovery.back')}</a>
      </Quiet>
    </>
  )
}

async function ChooseIncident({ services, viewer, space, t }: ComposerProps) {
  const choices = (await listIncidentChoices(services, viewer, space.id)).slice(0, 50)
  if (choices.length === 0) return <Quiet>{t('recovery.share.nothing')}</Quiet>
  return (
    <>
      <p>{t('recovery.share.choose')}</p>
      <ul>
        {choices.map((one) => (
          <li key={one.id}>
            <a href={`?incident=${one.id}`}>
              <bdi>{one.name}</bdi>
            </a>
          </li>
        ))}
      </ul>
    </>
  )
}

async function ownOf({ services, viewer, values, query }: ComposerProps) {
  const picture = String(values.picture ?? query.get('picture') ?? '')
  return picture === '' ? undefined : (await ownPictures(services, viewer, { picture }))[0]
}

type Compose = Composer<z.infer<typeof sharedInput>>['compose']

/** The picture as it may leave under the marking of the draft. @throws InvalidInput naming the services that stay */
const composePicture: Compose = async (services, viewer, space, input, { id: draft, marking }) => {
  const incident = await getIncident(services, viewer, input.incident)
  if (incident.drill !== (space.drill !== undefined))
    throw new Refusal('incidents.drill-mismatch', { field: 'services' })
  const [all, leaving] = await Promise.all([
    readPlan(services, viewer, incident.id),
    readPlan(services, viewer, incident.id, marking.tlp),
  ])
  const may = new Set(leaving.services.map((one) => one.id))
  const stays = input.services.filter((one) => !may.has(one))
  if (stays.length > 0) {
    const names = all.services.filter((one) => stays.includes(one.id)).map(({ content }) => `“${content.name}”`)
    const facts = { names: formatList(names, viewer.person.language), tlp: tlpText(marking.tlp) }
    throw InvalidInput.at('services', 'recovery.invalid.stays', facts)
  }
  const asOf = await services.ledger.scenarioNow(space.id)
  const told = tellPicture(
    { ...leaving, now: asOf },
    { space: space.id, chosen: input.services, words: paragraphsOf(input.words) },
  )
  return {
    ...told,
    stays: [
      {
        what: 'recovery.share.stays-services',
        count: all.services.length - input.services.length,
        why: 'recovery.share.stays-why',
      },
      {
        what: 'recovery.share.stays-reports',
        count: all.services.reduce((sum, { reports }) => sum + reports.length, 0),
        why: 'recovery.share.stays-why',
      },
    ].filter(({ count }) => count > 0),
    async fill() {
      await keepShared(services, viewer, { draft, incident: incident.id, space: space.id, chosen: input.services })
      return false
    },
  }
}

export const sharedComposer: Composer<z.infer<typeof sharedInput>> = {
  type: 'recovery.picture-shared',
  wish: 'recovery.wish.shared',
  input: sharedInput,
  mayStart: mayStart('recovery.picture-shared'),
  Fields: PictureFields,
  compose: composePicture,
}

export const updatedComposer: Composer<z.infer<typeof updatedInput>> = {
  type: 'recovery.picture-updated',
  wish: 'recovery.wish.updated',
  begunAtAct: true,
  input: updatedInput,
  mayStart: mayStart('recovery.picture-updated'),
  Fields: PictureFields,
  async compose(services, viewer, space, { picture, ...input }, draft) {
    const own = await requireOwn(services, viewer, space, picture)
    if (own.incident !== input.incident) throw new Refusal('recovery.picture-not-found')
    const composed = await composePicture(services, viewer, space, input, draft)
    return { ...composed, body: { picture, ...(composed.body as object) }, refs: [{ act: picture }] }
  },
}

export const endedComposer: Composer<z.infer<typeof endedInput>> = {
  type: 'recovery.picture-ended',
  wish: 'recovery.wish.ended',
  begunAtAct: true,
  input: endedInput,
  mayStart: mayStart('recovery.picture-ended'),
  async Fields({ values, errors, query, t }) {
    return (
      <>
        <Hidden name="picture" value={String(values.picture ?? query.get('picture') ?? '')} />
        <TextArea
          name="words"
          label={t('recovery.share.words')}
          value={String(values.words ?? '')}
          error={errors.words}
          rows={4}
          required={false}
        />
      </>
    )
  },
  async compose(services, viewer, space, { picture, words: said }) {
    await requireOwn(services, viewer, space, picture)
    return { body: { picture }, text: { paragraphs: paragraphsOf(said) }, refs: [{ act: picture }] }
  },
}

async function requireOwn(services: Services, viewer: Viewer, space: SpaceFacts, picture: string) {
  const [own] = await ownPictures(services, viewer, { picture })
  if (own?.space !== space.id) throw new Refusal('recovery.picture-not-found')
  return own
}
