import { attachmentLimits } from '../../../core/attachments/index.ts'
import { tlpRank } from '../../../core/markings/index.ts'
import type { Answer, Visit } from '../../../core/module/types.ts'
import { Refusal } from '../../../core/http/index.ts'
import { tlpLabels } from '../../../protocol/index.ts'
import {
  Button,
  CheckboxGroup,
  ErrorSummary,
  Field,
  Form,
  LinkButton,
  PageHead,
  Row,
  Select,
  Steps,
} from '../../../web/index.ts'
import { Framed } from '../../frame/index.ts'
import { getSpace } from '../find-space.ts'
import { activeMembers } from '../space-words.ts'
import { getFile, openFiles } from './draft-files.ts'

/** Title and marking of one file of a saved draft. */
export async function describeForm(visit: Visit<unknown>, errors: Record<string, string> = {}): Promise<Answer> {
  const { services, viewer, t, language, values = {} } = visit
  const { draft } = await openFiles(visit)
  const file = await getFile(visit)
  if (!draft) throw new Refusal('not-found')
  const space = await getSpace(services, draft.space)
  const others = activeMembers(space, services.party).map(({ party }) => party)
  const title = t('files.page.describe')
  const was = Object.keys(errors).length > 0 ? values : undefined
  return {
    page: (
      <Framed visit={visit} title={title} current="/spaces" drill={space.drill} marking={file.marking}>
        <Steps steps={['wish', 'text', 'review'].map((step) => t(`spaces.write.step.${step}`))} current={1} />
        <PageHead form={<bdi>{file.name}</bdi>} title={title} />
        <ErrorSummary
          errors={errors}
          labels={{ filesTlp: 'TLP', title: t('files.title'), audience: t('files.audience') }}
        />
        <Form action={`/drafts/${draft.id}/files/${file.id}/describe`}>
          <Field
            name="title"
            label={t('files.title')}
            hint={t('files.title-hint')}
            value={String(was?.title ?? file.title)}
            error={errors.title}
            required={false}
            maxlength={attachmentLimits.title}
          />
          <Select
            name="filesTlp"
            label="TLP"
            value={String(was?.filesTlp ?? file.marking.tlp)}
            error={errors.filesTlp}
            options={tlpLabels
              .filter((one) => tlpRank(one) <= tlpRank(viewer.ceiling))
              .map((one) => ({ value: one, label: t(`markings.tlp.${one}`) }))}
          />
          <CheckboxGroup
            name="audience"
            label={t('files.audience')}
            hint={t('files.audience-hint')}
            error={errors.audience}
            required={false}
            values={was ? [was.audience ?? []].flat().map(String) : (file.marking.audience ?? [])}
            options={others.map((party) => ({ value: party, label: services.nameOf(party, language) }))}
          />
          <Row>
            <Button label={t('files.describe-save')} />
            <LinkButton href={`/drafts/${draft.id}/files`} label={t('files.page.back')} plain />
          </Row>
        </Form>
      </Framed>
    ),
  }
}
