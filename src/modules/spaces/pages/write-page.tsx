import { z } from 'zod'
import { readClassification } from '../../../core/auth/index.ts'
import { InvalidInput, fieldErrors, Refusal, wordsOf } from '../../../core/http/index.ts'
import { declassification, readClasses } from '../../../core/markings/index.ts'
import type { Answer, Composer, Draft, SpaceFacts, Visit } from '../../../core/module/types.ts'
import { newId } from '../../../protocol/index.ts'
import {
  Button,
  Details,
  ErrorSummary,
  Form,
  Hidden,
  PageHead,
  Quiet,
  Row,
  Section,
  Select,
  Steps,
  TlpLabel,
} from '../../../web/index.ts'
import { Framed, MarkingFields } from '../../frame/index.ts'
import { FilesField } from '../../files/index.ts'
import { formOfDraft, getComposer, listComposers, saveComposed, sharedFields, withoutFiles } from '../compose-draft.ts'
import { getSpace } from '../find-space.ts'
import { getDraft } from '../get-draft.ts'
import { pagingOfForm } from '../paging-words.ts'
import { partiesText, titleOf } from '../space-words.ts'

/** Whatever the composer of the act wants; it has its own schema. */
/** A composer names its fields itself; files come by the shared ones. */
export const composedInput = z.looseObject({ files: sharedFields.shape.files })

/** "I want to …": everything this person may write in this space. */
export async function chooseWish(visit: Visit): Promise<Answer> {
  const { services, viewer, t, language, params } = visit
  const space = await getSpace(services, params.space)
  const composers = await listComposers(services, viewer, space)
  const title = t('spaces.write.title')
  return {
    page: (
      <Framed visit={visit} title={title} current="/spaces" drill={space.drill}>
        <Steps steps={stepLabels(visit)} current={0} />
        <PageHead form={`${titleOf(space, language)} · ${partiesText(space, services, language)}`} title={title} />
        {composers.length === 0 ? (
          <Quiet>{t('spaces.write.nothing')}</Quiet>
        ) : (
          <ul class="choices">
            {composers.map((one) => (
              <li key={one.type}>
                <a href={`/spaces/${space.id}/write/${one.type}`}>{t(one.wish)}</a>
              </li>
            ))}
          </ul>
        )}
        <p>
          <a href={`/spaces/${space.id}`}>{t('spaces.write.back')}</a>
        </p>
      </Framed>
    ),
  }
}

const stepLabels = ({ t }: Visit): string[] => ['wish', 'text', 'review'].map((step) => t(`spaces.write.step.${step}`))

/** The empty form of one kind of act, filled from the address where a link carries something. */
export async function writeAct(visit: Visit): Promise<Answer> {
  const { services, viewer, params } = visit
  const space = await getSpace(services, params.space)
  const composer = await getComposer(services, viewer, space, params.type)
  const asked = { space, type: composer.type, query: visit.query }
  const words = await Promise.all(services.modules.map((one) => one.wordsForDraft?.(services, viewer, asked)))
  return writePage(visit, { space, composer, values: Object.assign({}, ...words), errors: {} })
}

/** The form of a draft again, as it was last saved. */
export async function editDraft(visit: Visit): Promise<Answer> {
  const { services, viewer } = visit
  const draft = await getDraft(visit)
  const space = await getSpace(services, draft.space)
  const composer = await getComposer(services, viewer, space, draft.type)
  if (draft.state !== 'drafting') return { redirect: `/drafts/${draft.id}/review` }
  return writePage(visit, { space, composer, values: formOfDraft(draft)?.values ?? sharedOf(draft), errors: {}, draft })
}

/** Saves the draft and goes on to its review. Wrong fields bring the form back with everything typed. */
export async function saveAct(visit: Visit<Record<string, unknown>>): Promise<Answer> {
  const draft = visit.params.id === undefined ? undefined : await getDraft(visit)
  const space = await getSpace(visit.services, draft?.space ?? visit.params.space)
  const composer = await getComposer(visit.services, visit.viewer, space, draft?.type ?? visit.params.type)
  const values = draft ? { ...visit.input, id: draft.id } : visit.input
  try {
    const saved = await saveComposed(visit.services, visit.viewer, { space, composer, values })
    const files = await visit.services.attachments.list(saved.id)
    const isDecided = files.every(({ state }) => state === 'ready') && visit.input.next !== 'files'
    return {
      redirect: `/drafts/${saved.id}/${isDecided ? 'review' : 'files'}`,
      data: { id: saved.id, state: saved.state, approval: saved.approval },
    }
  } catch (error) {
    if (visit.wantsJson || !(error instanceof InvalidInput || error instanceof Refusal)) throw error
    const errors =
      error instanceof InvalidInput
        ? fieldErrors(error, visit.t)
        : { [String(error.facts.field ?? 'form')]: wordsOf(error, visit) }
    return {
      ...(await writePage(visit, { space, composer, values: withoutFiles(values), errors, draft })),
      status: 422,
    }
  }
}

/** A room that kept something for a draft to come chose its id. */
const isDraftId = (id: string): boolean => /^[0-9a-f]{32}$/.test(id)

interface WriteProps {
  space: SpaceFacts
  composer: Composer
  values: Record<string, unknown>
  errors: Record<string, string>
  draft?: Draft
}

async function writePage(visit: Visit, { space, composer, values, errors, draft }: WriteProps) {
  const { services, viewer, t, language, query } = visit
  const title = t(composer.wish)
  const given = query.get('id') ?? ''
  const id = String(values.id ?? (isDraftId(given) ? given : newId()))
  const files = draft ? await services.attachments.list(draft.id) : []
  const fields = await composer.Fields({ services, viewer, space, values, errors, query, t, language })
  const [peers, rules] = await Promise.all([services.peers.list(), readClassification(services.db)])
  const to = values.addressee ?? query.get('to')
  const addressee = typeof to === 'string' ? to : undefined
  const annexes = (draft?.attachments.length ?? 0) - files.filter(({ state }) => state === 'ready').length
  const pages = await pagingOfForm(visit, { space, type: composer.type, addressee })
  const action = draft ? `/drafts/${draft.id}` : `/spaces/${space.id}/write/${composer.type}${asSearch(query)}`
  return {
    page: (
      <Framed visit={visit} title={title} current="/spaces" drill={space.drill} scripts={['uploads.js']}>
        <Steps steps={stepLabels(visit)} current={1} />
        <PageHead form={`${titleOf(space, language)} · ${partiesText(space, services, language)}`} title={title} />
        <ErrorSummary
          errors={errors}
          labels={{
            ...markingLabels(t),
            files: t('files.field.label'),
            filesTitle: t('files.title'),
            filesTlp: t('files.field.marking'),
            form: t('spaces.write.document'),
          }}
        />
        {pages.length > 0 && (
          <Section title={t('spaces.review.pages')} id="pages">
            {pages.map((words) => (
              <p key={words}>{words}</p>
            ))}
          </Section>
        )}
        <Form action={action} enctype="multipart/form-data">
          <Hidden name="id" value={id} />
          {fields}
          {annexes > 0 && <Quiet>{t('spaces.write.keeps-files', { count: annexes })}</Quiet>}
          <MarkingFields
            visit={visit}
            values={values}
            errors={errors}
            parties={peers.map((peer) => peer.party)}
            rules={rules}
          />
          <OfficeField visit={visit} values={values} />
          <Details summary={t('files.field.add')} open={Boolean(errors.files ?? errors.filesTlp)}>
            <FilesField visit={visit} at={`/drafts/${id}`} errors={errors} values={values} />
          </Details>
          {files.length > 0 && (
            <ul class="small">
              {files.map((file) => (
                <li key={file.id}>
                  <bdi>{file.title || file.name}</bdi> <TlpLabel marking={file.marking} />
                </li>
              ))}
            </ul>
          )}
          <Row>
            <Button label={t('spaces.write.to-review')} />
            <Button label={t('files.field.to-files')} name="next" value="files" plain />
          </Row>
          <Quiet small>{t('spaces.write.nothing-leaves')}</Quiet>
        </Form>
      </Framed>
    ),
  }
}

function OfficeField({ visit: { viewer, t, language }, values }: { visit: Visit; values: Record<string, unknown> }) {
  if (viewer.offices.length < 2) return null
  return (
    <Select
      name="office"
      label={t('spaces.write.office')}
      value={String(values.office ?? viewer.office.id)}
      options={viewer.offices.map((one) => ({ value: one.id, label: one.name[language] ?? one.name.en ?? one.id }))}
    />
  )
}

const markingLabels = (t: Visit['t']): Record<string, string> => ({
  tlp: 'TLP',
  class: t('markings.class.label'),
  audience: t('spaces.write.audience'),
  declassifyOn: t('markings.class.ends-on'),
  declassifyEvent: t('markings.class.ends-event'),
})

const asSearch = (query: URLSearchParams): string => (query.size > 0 ? `?${query}` : '')

/** The shared fields of a draft that no form of this room made. */
function sharedOf({ id, office, marking }: Draft): Record<string, unknown> {
  const read = readClasses(marking.class ?? '')
  const { dates, events } = declassification(marking)
  return {
    class: read?.length === 1 ? read[0]?.level : marking.class,
    declassifyOn: dates.at(-1),
    declassifyEvent: events[0],
    id,
    office,
    tlp: marking.tlp,
    pap: marking.pap,
    orcon: marking.caveats?.includes('ORCON') ? 'yes' : undefined,
    audience: marking.audience,
  }
}
