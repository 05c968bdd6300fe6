import { z } from 'zod'
import { Refusal } from '../../../core/http/refusal.ts'
import { hash, isoDuration, paragraphsOf, partyName } from '../../../core/module/fields.ts'
import type { Composer, ComposerProps, Services, SpaceFacts } from '../../../core/module/types.ts'
import { Checkbox, Field, FormLine, Hidden, Paper, Quiet, Select, TlpLabel } from '../../../web/index.ts'
import { isAmongParties } from '../../channels/index.ts'
import { bases, kinds } from '../vocabulary.ts'
import type { StatedBody, StatedText } from './acts.ts'
import { nameItems } from './named-items.ts'
import { likelihoodText, StatedItems } from './stated-words.tsx'
import { listOwnStanding } from './read-between.ts'
import { findPublished } from '../publish/find-published.ts'
import { isBulletin } from '../publish/bulletin.ts'
import { isInItsWords, levelIn, likelihoodOf, listSayable, noteSaid, type Sayable } from './sayable.ts'

const empty = z.literal('').transform(() => undefined)
/** What somebody else made cannot be stated as one's own. */
const ownBases = bases.filter((one) => one !== 'attacker')
const ownKinds = kinds.filter((one) => one !== 'self')

const statedInput = z.object({
  statement: z.string().regex(/^[0-9a-f]{32}$/),
  accused: z.string().trim().max(300).default(''),
  basis: z.enum(ownBases),
  kind: z.enum(ownKinds),
  likelihood: z.literal('yes').optional(),
  replaces: z.union([empty, hash]).optional(),
  replyOf: z.union([empty, partyName]).optional(),
  replySource: z.enum(['requested', 'agreed']).default('requested'),
  replyWithin: z.union([empty, isoDuration]).optional(),
})
type StatedInput = z.infer<typeof statedInput>

const others = ({ party }: Pick<Services, 'party'>, space: SpaceFacts): string[] =>
  space.members
    .filter((one) => one.party !== party && one.until === undefined && one.role !== 'observer')
    .map((one) => one.party)

/** "We state our attribution": the words released for partners, as they were released. */
export const statedComposer: Composer<StatedInput> = {
  type: 'attributions.attribution-stated',
  wish: 'attributions.wish.state',
  input: statedInput,
  mayStart: async (services, viewer, space) =>
    viewer.may('attributions.attribution-stated:draft') &&
    viewer.may('incidents:read') &&
    ((isAmongParties(space) && others(services, space).length > 0) || isBulletin(services, space)) &&
    (await listSayable(services, viewer, space)).length > 0,
  Fields: StatedFields,
  async compose(services, viewer, space, input, draft) {
    const found = (await listSayable(services, viewer, space)).find(({ statement }) => statement.id === input.statement)
    if (!found) throw new Refusal('attributions.nothing-to-state', { field: 'statement' })
    const { statement, decision, incident } = found
    const likelihood = input.likelihood && likelihoodOf(decision, statement)
    if (input.accused !== '' && !isInItsWords(input.accused, statement))
      throw new Refusal('attributions.accused-not-said', { field: 'accused' })
    if (levelIn(services, space) === 'public' && draft.marking.tlp !== 'CLEAR')
      throw new Refusal('attributions.not-for-the-public', { field: 'tlp' })
    const { named, words } = nameItems(draft.id, statement.evidence)
    const body: StatedBody = {
      choice: decision.choice,
      language: statement.language,
      basis: input.basis,
      kind: input.kind,
      ...(likelihood && { assessment: likelihood }),
      evidence: named,
      ...(statement.reference !== undefined && { number: statement.reference }),
      ...(input.replaces !== undefined && { replaces: input.replaces }),
      ...replyOf(services, space, input),
    }
    const text: StatedText = {
      subject: statement.subject,
      paragraphs: paragraphsOf(statement.text),
      ...(input.accused !== '' && { accused: input.accused }),
      evidence: words,
    }
    if (input.replaces !== undefined && !(await mayReplace(services, space, input.replaces)))
      throw new Refusal('attributions.cannot-be-replaced', { field: 'replaces' })
    return {
      body,
      text,
      ...(input.replaces !== undefined && { refs: [{ act: input.replaces }] }),
      stays: staying({ statement, decision }),
      carried: { tlp: statement.tlp },
      async fill() {
        await noteSaid(services, viewer, {
          draft: draft.id,
          space: space.id,
          incident: incident.id,
          statement: statement.id,
        })
        return false
      },
    }
  },
}

/** Items of the decision that these words leave out, by marking. */
function staying({ statement, decision }: Sayable) {
  const said = new Set(statement.evidence.map(({ id }) => id))
  const left = Map.groupBy(
    decision.basis.evidence.filter(({ id }) => !said.has(id)),
    ({ tlp }) => tlp,
  )
  return [...left].map(([tlp, items]) => ({ what: `TLP:${tlp}`, count: items.length, why: '' }))
}

const mayReplace = async (services: Services, space: SpaceFacts, act: string): Promise<boolean> =>
  (await listOwnStanding(services, space.id)).some(({ hash: one }) => one === act)

function replyOf(services: Services, space: SpaceFacts, input: StatedInput): Pick<StatedBody, 'reply'> {
  const { replyOf: of, replySource: source, replyWithin: within } = input
  if (within === undefined) return {}
  if (of === undefined || !others(services, space).includes(of))
    throw new Refusal('attributions.reply-of-whom', { field: 'replyOf' })
  if (source === 'agreed' && space.terms.replyWithin !== within)
    throw new Refusal('attributions.reply-not-agreed', { field: 'replySource' })
  return { reply: { of, source, within } }
}

async function StatedFields(props: ComposerProps) {
  const { services, viewer, space, values, errors, query, t, language } = props
  const value = (name: string, otherwise = '') => String(values[name] ?? query.get(name) ?? otherwise)
  const all = await listSayable(services, viewer, space)
  const chosen = all.find(({ statement }) => statement.id === value('statement')) ?? all[0]
  const own = await listOwnStanding(services, space.id)
  const level = levelIn(services, space)
  const corrected = chosen?.statement.corrects && (await findPublished(services, chosen.statement.corrects))
  return (
    <>
      <Quiet>{t(level === 'public' ? 'attributions.publish.lead' : 'attributions.stated.lead')}</Quiet>
      {all.length > 1 ? (
        <Select
          name="statement"
          label={t('attributions.stated.words')}
          value={chosen?.statement.id ?? ''}
          error={errors.statement}
          required
          options={all.map(({ statement, incident }) => ({
            value: statement.id,
            label: `${incident.codeName} · ${statement.subject}`,
          }))}
        />
      ) : (
        <Hidden name="statement" value={chosen?.statement.id ?? ''} />
      )}
      {all.map(({ statement, decision, incident }) => (
        <div key={statement.id}>
          {all.length > 1 && (
            <Quiet small>
              <bdi>{incident.codeName}</bdi>
            </Quiet>
          )}
          <Paper language={statement.language}>
            <FormLine>
              {t(`attributions.choice.${decision.choice}`)} <TlpLabel marking={{ tlp: statement.tlp }} />
            </FormLine>
            <h2 dir="auto">{statement.subject}</h2>
            {paragraphsOf(statement.text).map((one, at) => (
              <p key={at} dir="auto">
                {one}
              </p>
            ))}
            <StatedItems t={t} items={statement.evidence} words={statement.evidence} />
          </Paper>
        </div>
      ))}
      <Field
        name="accused"
        label={t('attributions.claim.accused')}
        hint={t(level === 'public' ? 'attributions.publish.accused-hint' : 'attributions.stated.accused-hint')}
        value={value('accused')}
        error={errors.accused}
        maxlength={300}
      />
      <Select
        name="basis"
        label={t('attributions.claim.basis')}
        value={value('basis', 'government')}
        error={errors.basis}
        required
        options={ownBases.map((one) => ({ value: one, label: t(`published-incidents.basis.${one}`) }))}
      />
      <Select
        name="kind"
        label={t('attributions.claim.kind')}
        value={value('kind', 'political')}
        error={errors.kind}
        required
        options={ownKinds.map((one) => ({ value: one, label: t(`published-incidents.kind.${one}`) }))}
      />
      {all.some(({ decision, statement }) => likelihoodOf(decision, statement)) && (
        <Checkbox
          name="likelihood"
          label={t('attributions.stated.likelihood')}
          hint={likelihoodText(t, chosen && likelihoodOf(chosen.decision, chosen.statement))}
          checked={values.likelihood === 'yes'}
          error={errors.likelihood}
        />
      )}
      {own.length > 0 && (
        <Select
          name="replaces"
          label={t('attributions.stated.replaces')}
          value={value('replaces', corrected ? corrected.hash : '')}
          error={errors.replaces}
          options={[
            { value: '', label: t('attributions.stated.replaces-none') },
            ...own.map((one) => ({
              value: one.hash,
              label: `${one.index} · ${t(`attributions.choice.${one.choice}`)}`,
            })),
          ]}
        />
      )}
      {level === 'partners' && <ReplyFields {...props} parties={others(services, space)} language={language} />}
    </>
  )
}

function ReplyFields({ services, space, values, errors, t, language, parties }: ComposerProps & { parties: string[] }) {
  const value = (name: string, otherwise = '') => String(values[name] ?? otherwise)
  const sources = (['requested', 'agreed'] as const).filter(
    (one) => one === 'requested' || space.terms.replyWithin !== undefined,
  )
  return (
    <fieldset>
      <legend>{t('attributions.stated.reply')}</legend>
      <Select
        name="replyWithin"
        label={t('attributions.stated.reply-within')}
        value={value('replyWithin')}
        error={errors.replyWithin}
        options={[
          { value: '', label: t('attributions.stated.reply-none') },
          ...[
            ...new Set(['P3D', 'P7D', 'P14D', 'P30D', ...(space.terms.replyWithin ? [space.terms.replyWithin] : [])]),
          ].map((one) => ({ value: one, label: t('attributions.stated.reply-days', { days: daysOf(one) }) })),
        ]}
      />
      <Select
        name="replyOf"
        label={t('attributions.stated.reply-of')}
        value={value('replyOf', parties[0] ?? '')}
        error={errors.replyOf}
        options={parties.map((one) => ({ value: one, label: services.nameOf(one, language) }))}
      />
      <Select
        name="replySource"
        label={t('attributions.stated.reply-source')}
        value={value('replySource', 'requested')}
        error={errors.replySource}
        options={sources.map((one) => ({ value: one, label: t(`incidents.source.${one}`) }))}
      />
    </fieldset>
  )
}

const daysOf = (duration: string): number =>
  Temporal.Duration.from(duration).total({ unit: 'days', relativeTo: '2026-01-01' })
