import { z } from 'zod'
import { InvalidInput } from '../../../core/http/index.ts'
import { hash, partyName } from '../../../core/module/fields.ts'
import type { Composer, ComposerProps, SpaceFacts } from '../../../core/module/types.ts'
import { CheckboxGroup, Select, TextArea } from '../../../web/index.ts'
import { disclosurePurposes, publicAudiences } from '../acts.ts'
import { audienceText } from '../disclosure-words.ts'
import { findFace, isTechnical, showActs } from '../show-acts.ts'

const disclosureInput = z.object({
  acts: z.array(hash).min(1).max(100),
  purpose: z.enum(disclosurePurposes),
  /** Not `audience`: that is the marking's own field in every form. */
  shownTo: z.union([z.enum(publicAudiences), partyName]),
  reason: z.string().trim().min(1).max(10_000),
})

const talkKinds: readonly SpaceFacts['kind'][] = ['case', 'channel', 'forum', 'negotiation', 'exercise']

async function DisclosureFields({ services, viewer, space, values, errors, query, t, language }: ComposerProps) {
  const acts = (await services.ledger.acts(space.id, { limit: 500 }))
    .filter((act) => act.statement.author !== services.party && !isTechnical(services, act.statement.type))
    .filter((act) => act.statement.parts.some((part) => part.role !== 'body'))
  const shown = await showActs(services, viewer, space, acts)
  const chosen = [values.acts ?? query.getAll('act')].flat().map(String)
  const peers = await services.peers.list()
  return (
    <>
      <CheckboxGroup
        name="acts"
        label={t('spaces.disclosure.which')}
        error={errors.acts}
        required
        values={chosen}
        options={shown.map((one) => {
          const face = findFace(services, one.act.statement.type)
          const form = face?.form(t, one.content?.body) ?? one.act.statement.type
          const subject =
            face && one.content?.body && one.content.text
              ? face.headline({ shown: one, services, viewer, t, language })
              : t('spaces.disclosure.no-text')
          return {
            value: one.act.hash,
            label: `${t('spaces.act.number', { number: one.act.index })} · ${form} · ${services.nameOf(one.act.statement.author, language)}`,
            hint: subject,
          }
        })}
      />
      <Select
        name="purpose"
        label={t('spaces.dossier.purpose')}
        value={String(values.purpose ?? query.get('purpose') ?? 'verification')}
        error={errors.purpose}
        options={disclosurePurposes.map((one) => ({ value: one, label: t(`spaces.purpose.${one}`) }))}
      />
      <Select
        name="shownTo"
        label={t('spaces.dossier.audience')}
        value={String(values.shownTo ?? query.get('audience') ?? 'verifier')}
        error={errors.shownTo}
        options={[...publicAudiences, ...peers.map((peer) => peer.party)].map((one) => ({
          value: one,
          label: audienceText(one, services, t, language),
        }))}
      />
      <TextArea
        name="reason"
        label={t('spaces.disclosure.reason')}
        value={String(values.reason ?? '')}
        error={errors.reason}
        rows={4}
        maxlength={10_000}
        required
      />
    </>
  )
}

/** "I want to ask for consent to show what another party said." */
export const disclosureComposer: Composer<z.infer<typeof disclosureInput>> = {
  type: 'spaces.disclosure-requested',
  wish: 'spaces.wish.disclosure',
  input: disclosureInput,
  mayStart: async (services, viewer, space) =>
    talkKinds.includes(space.kind) &&
    (viewer.may('spaces.disclosure-requested:draft') || viewer.may('spaces.disclosure-requested:send')) &&
    space.members.some((member) => member.party === services.party && member.until === undefined),
  Fields: DisclosureFields,
  async compose(services, _viewer, space, input) {
    const acts = [...new Set(input.acts)]
    const found = await Promise.all(acts.map((act) => services.ledger.findAct(act)))
    if (found.some((act) => act?.space !== space.id)) throw InvalidInput.at('acts', 'http.invalid.choose')
    return {
      body: { acts, purpose: input.purpose, audience: input.shownTo },
      text: { reason: input.reason },
      refs: acts.slice(0, 64).map((act) => ({ act })),
    }
  },
}
