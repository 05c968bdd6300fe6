import { z } from 'zod'
import { partyName } from '../../../core/module/fields.ts'
import { Refusal } from '../../../core/http/index.ts'
import type { Composer, ComposerProps, Draft, Json, Services, SpaceFacts, Viewer } from '../../../core/module/types.ts'
import { newId } from '../../../protocol/index.ts'
import { Pairs, Quiet, RadioGroup } from '../../../web/index.ts'
import { saveComposed } from '../compose-draft.ts'
import { mayWriteIn } from '../find-space.ts'
import { listNames } from '../space-words.ts'
import { hostChangeFor } from './hand-over.ts'
import { hostChanged } from './host-changed-act.ts'
import { consequences } from './ordering-words.ts'
import { loadOrdering } from './standing.ts'

const handOverInput = z.object({ to: partyName })

async function HandOverFields({ services, viewer, space, values, errors, query, t, language }: ComposerProps) {
  const ordering = await loadOrdering(services, viewer, space)
  const name = (party: string) => services.nameOf(party, language)
  const offered = ordering.offers.filter((one) => one.isOffered && one.party !== services.party)
  const parties = [...(ordering.host === services.party ? [] : [services.party]), ...offered.map((one) => one.party)]
  const chosen = String(values.to ?? query.get('to') ?? parties[0] ?? '')
  return (
    <>
      <Pairs items={consequences(ordering, space, { services, t, language })} />
      {parties.length === 0 ? (
        <Quiet>{t('spaces.ordering.nobody-offered')}</Quiet>
      ) : (
        <RadioGroup
          name="to"
          label={t('spaces.ordering.to')}
          error={errors.to}
          required
          value={chosen}
          options={parties.map((party) => ({
            value: party,
            label: party === services.party ? t('spaces.ordering.ourselves', { party: name(party) }) : name(party),
            hint: t('spaces.ordering.said-by', {
              count: offered.find((one) => one.party === party)?.voices.length ?? 0,
              parties: listNames(
                (offered.find((one) => one.party === party)?.voices ?? []).map((one) => one.party),
                services,
                language,
              ),
            }),
          }))}
        />
      )}
    </>
  )
}

/** "I want another party, or our own, to order this space." */
export const handOverComposer: Composer<z.infer<typeof handOverInput>> = {
  type: hostChanged,
  wish: 'spaces.wish.hand-over',
  input: handOverInput,
  mayStart: async (services, viewer, space) =>
    space.kind !== 'register' && viewer.may(`${hostChanged}:draft`) && mayWriteIn(services, space),
  Fields: HandOverFields,
  async compose(services, viewer, space, { to }) {
    const body = await hostChangeFor(services, viewer, { space, to })
    return { body: body as unknown as Json }
  },
}

/** Drafts what our party says of who is to order a space, and submits it for release by a second person. */
export async function draftHandOver(
  services: Services,
  viewer: Viewer,
  { space, to }: { space: SpaceFacts; to: string },
): Promise<Draft> {
  if (!(await handOverComposer.mayStart(services, viewer, space))) throw new Refusal('not-permitted')
  const values = { id: newId(), to, tlp: 'AMBER' }
  const saved = await saveComposed(services, viewer, { space, composer: handOverComposer, values })
  return services.drafts.submit(viewer, saved.id, saved.approval)
}
