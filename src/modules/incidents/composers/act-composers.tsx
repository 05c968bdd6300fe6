import { z } from 'zod'
import { Refusal } from '../../../core/http/refusal.ts'
import { hash, paragraphsOf, partyName, typedProse } from '../../../core/module/fields.ts'
import { revealedContents } from '../../../core/module/revealed-contents.ts'
import type { Composer, ComposerProps, Services, SpaceFacts, Viewer } from '../../../core/module/types.ts'
import type { Marking } from '../../../protocol/types.ts'
import { Field, Hidden, ProseFields, Select } from '../../../web/index.ts'
import { contestGrounds, preservationSources } from '../acts.ts'
import { EvidenceFilesField } from '../evidence-files/evidence-files-field.tsx'
import { chooseFiles, evidenceInput } from '../evidence-files/offered-files.ts'
import { addresseeOf, dayBefore } from '../projection.ts'
import { listPreservations } from '../queries.ts'

const proseOf = ({ subject, text }: { subject: string; text: string }) => ({ subject, paragraphs: paragraphsOf(text) })

const labelsOf = (t: ComposerProps['t']) => ({
  subject: t('incidents.write.subject'),
  text: t('incidents.write.text'),
  hint: t('incidents.write.text-hint'),
})

/** Copies of the files of evidence that were ticked. */
const alongWith = (
  services: Services,
  viewer: Viewer,
  space: SpaceFacts,
  { id, marking, chosen = [] }: { id: string; marking: Marking; chosen?: string[] | undefined },
) => chooseFiles(services, viewer, { space, draft: id, marking, chosen })

const isTalk = (space: SpaceFacts) => ['case', 'channel', 'negotiation'].includes(space.kind)
const others = (services: Services, space: SpaceFacts) =>
  space.members
    .filter((one) => one.party !== services.party && one.until === undefined && one.role !== 'observer')
    .map((one) => one.party)

/** Acts of others in the space that can be contested, newest first, with what the reader may see of their subjects. */
async function contestable(
  services: Services,
  viewer: Viewer,
  space: SpaceFacts,
): Promise<{ value: string; label: string }[]> {
  const acts = (await services.ledger.acts(space.id, { limit: 500 })).filter(
    (act) => act.statement.author !== services.party && /^(channels|incidents)\./.test(act.statement.type),
  )
  const contents = await revealedContents<unknown, { subject?: string }>(
    services,
    viewer,
    acts.map((act) => act.hash),
  )
  return acts.toReversed().flatMap((act) => {
    const subject = contents.get(act.hash)?.text?.subject
    const label = `${act.index} · ${services.nameOf(act.statement.author, viewer.person.language)} · ${subject ?? ''}`
    return subject === undefined ? [] : [{ value: act.hash, label }]
  })
}

const contestInput = z.object({ ...typedProse, ...evidenceInput, about: hash, ground: z.enum(contestGrounds) })

/** "I want to contest what they told us." */
export const contestComposer: Composer<z.infer<typeof contestInput>> = {
  type: 'incidents.facts-contested',
  wish: 'incidents.wish.contest',
  input: contestInput,
  mayStart: async (services, viewer, space) =>
    viewer.may('incidents.facts-contested:draft') &&
    isTalk(space) &&
    (await contestable(services, viewer, space)).length > 0,
  async Fields(props) {
    const { services, viewer, space, values, errors, query, t } = props
    return (
      <>
        <Select
          name="about"
          label={t('incidents.write.about')}
          error={errors.about}
          required
          value={String(values.about ?? query.get('about') ?? '')}
          options={await contestable(services, viewer, space)}
          placeholder={t('incidents.write.choose')}
        />
        <Select
          name="ground"
          label={t('incidents.write.ground')}
          value={String(values.ground ?? '')}
          error={errors.ground}
          required
          options={contestGrounds.map((one) => ({ value: one, label: t(`incidents.ground.${one}`) }))}
          placeholder={t('incidents.write.choose')}
        />
        <ProseFields values={values} errors={errors} labels={labelsOf(t)} />
        {await EvidenceFilesField(props)}
      </>
    )
  },
  async compose(services, viewer, space, input, draft) {
    const about = await services.ledger.findAct(input.about)
    if (about?.space !== space.id || about.statement.author === services.party) {
      throw new Refusal('incidents.nothing-to-contest', { field: 'about' })
    }
    return {
      body: { about: input.about, ground: input.ground },
      text: proseOf(input),
      refs: [{ act: input.about }],
      ...(await alongWith(services, viewer, space, { ...draft, chosen: input.evidence })),
    }
  },
}

const requestInput = z.object({
  ...typedProse,
  ...evidenceInput,
  deletionDate: z.iso.date(),
  keepUntil: z.iso.date(),
  source: z.enum(preservationSources).default('requested'),
  addressee: partyName.optional(),
})

/** "I want to have data preserved." */
export const preservationComposer: Composer<z.infer<typeof requestInput>> = {
  type: 'incidents.preservation-requested',
  wish: 'incidents.wish.preserve',
  input: requestInput,
  mayStart: async (services, viewer, space) =>
    viewer.may('incidents.preservation-requested:draft') && isTalk(space) && others(services, space).length > 0,
  async Fields(props) {
    const { services, space, values, errors, t, language } = props
    const asked = others(services, space)
    const sources = preservationSources.filter((one) => one === 'requested' || space.terms.preserveWithin !== undefined)
    return (
      <>
        <Select
          name="addressee"
          label={t('incidents.write.addressee')}
          value={String(values.addressee ?? asked[0] ?? '')}
          error={errors.addressee}
          options={asked.map((party) => ({ value: party, label: services.nameOf(party, language) }))}
        />
        <Field
          name="deletionDate"
          type="date"
          label={t('incidents.write.deletion-date')}
          hint={t('incidents.write.deletion-hint')}
          value={String(values.deletionDate ?? '')}
          error={errors.deletionDate}
          required
        />
        <Field
          name="keepUntil"
          type="date"
          label={t('incidents.write.keep-until')}
          hint={t('incidents.write.keep-hint')}
          value={String(values.keepUntil ?? '')}
          error={errors.keepUntil}
          required
        />
        <Select
          name="source"
          label={t('incidents.write.source')}
          hint={t('incidents.write.source-hint')}
          value={String(values.source ?? 'requested')}
          error={errors.source}
          options={sources.map((one) => ({ value: one, label: t(`incidents.source.${one}`) }))}
        />
        <ProseFields values={values} errors={errors} labels={labelsOf(t)} />
        {await EvidenceFilesField(props)}
      </>
    )
  },
  async compose(services, viewer, space, input, draft) {
    const { deletionDate, keepUntil, source } = input
    const addressee = addresseeOf(space, services.party, input.addressee)
    if (!addressee) throw new Refusal('incidents.addressee-not-here', { field: 'addressee' })
    if (keepUntil < deletionDate) throw new Refusal('incidents.kept-too-short', { field: 'keepUntil' })
    if (source === 'agreed' && space.terms.preserveWithin === undefined) {
      throw new Refusal('incidents.deadline-not-agreed', { field: 'source' })
    }
    const today = new Date(await services.ledger.scenarioNow(space)).toISOString().slice(0, 10)
    if (deletionDate <= dayBefore(today)) throw new Refusal('incidents.deleted-already', { field: 'deletionDate' })
    return {
      body: { deletionDate, keepUntil, source, addressee },
      text: proseOf(input),
      ...(await alongWith(services, viewer, space, { ...draft, chosen: input.evidence })),
    }
  },
}

const confirmInput = z.object({ ...typedProse, ...evidenceInput, request: hash, keptUntil: z.iso.date() })

/** "I want to confirm that data is kept." */
export const preservationConfirmComposer: Composer<z.infer<typeof confirmInput>> = {
  type: 'incidents.preservation-confirmed',
  wish: 'incidents.wish.confirm-preservation',
  input: confirmInput,
  mayStart: async (services, viewer, space) =>
    viewer.may('incidents.preservation-confirmed:draft') && (await openRequests(services, space)).length > 0,
  async Fields(props) {
    const { services, viewer, space, values, errors, query, t } = props
    const requests = await openRequests(services, space)
    const named = String(values.request ?? query.get('request') ?? requests[0]?.hash ?? '')
    const asked = (await listPreservations(services.db, [named])).get(named)
    const contents = await revealedContents<unknown, { subject?: string }>(
      services,
      viewer,
      requests.map((one) => one.hash),
    )
    const subject = contents.get(named)?.text?.subject
    return (
      <>
        {requests.length > 1 ? (
          <Select
            name="request"
            label={t('incidents.write.request')}
            value={named}
            error={errors.request}
            required
            options={requests.map((one) => ({
              value: one.hash,
              label: `${one.deletion_date} · ${contents.get(one.hash)?.text?.subject ?? ''}`,
            }))}
          />
        ) : (
          <Hidden name="request" value={named} />
        )}
        <Field
          name="keptUntil"
          type="date"
          label={t('incidents.write.kept-until')}
          value={String(values.keptUntil ?? asked?.keep_until ?? '')}
          error={errors.keptUntil}
          required
        />
        <ProseFields
          values={values}
          errors={errors}
          labels={labelsOf(t)}
          subject={subject && t('incidents.write.re', { subject })}
        />
        {await EvidenceFilesField(props)}
      </>
    )
  },
  async compose(services, viewer, space, input, draft) {
    const request = (await openRequests(services, space)).find((one) => one.hash === input.request)
    if (!request) throw new Refusal('incidents.nothing-to-confirm', { field: 'request' })
    return {
      body: { request: input.request, keptUntil: input.keptUntil },
      text: proseOf(input),
      refs: [{ act: input.request }],
      ...(await alongWith(services, viewer, space, { ...draft, chosen: input.evidence })),
    }
  },
}

function openRequests(services: Services, space: SpaceFacts) {
  return services.db
    .selectFrom('view.incidents_preservation')
    .selectAll()
    .where('space', '=', space.id)
    .where('addressee', '=', services.party)
    .where('confirmed_by', 'is', null)
    .orderBy('deletion_date')
    .execute()
}
