import { attachmentLimits, type DraftFile } from '../../core/attachments/index.ts'
import { tlpRank } from '../../core/markings/index.ts'
import type { Answer, Visit } from '../../core/module/types.ts'
import { Refusal } from '../../core/http/index.ts'
import { tlpLabels } from '../../protocol/index.ts'
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
} from '../../web/index.ts'
import { Framed } from '../frame/index.ts'
import type { FilesHolder } from './holder.ts'

/** Title and marking of one file of what was saved. */
export function describeForm(
  visit: Visit<unknown>,
  { holder: { at, saved }, file }: { holder: FilesHolder; file: DraftFile },
  errors: Record<string, string> = {},
): Answer {
  const { services, viewer, t, language, values = {} } = visit
  if (!saved) throw new Refusal('not-found')
  const title = t('files.page.describe')
  const was = Object.keys(errors).length > 0 ? values : undefined
  return {
    page: (
      <Framed visit={visit} title={title} current={saved.current} drill={saved.drill} marking={file.marking}>
        {saved.steps && <Steps steps={saved.steps} current={1} />}
        <PageHead form={<bdi>{file.name}</bdi>} title={title} />
        <ErrorSummary
          errors={errors}
          labels={{ filesTlp: 'TLP', title: t('files.title'), audience: t('files.audience') }}
        />
        <Form action={`${at}/files/${file.id}/describe`}>
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
          {saved.parties.length > 0 && (
            <CheckboxGroup
              name="audience"
              label={t('files.audience')}
              hint={t('files.audience-hint')}
              error={errors.audience}
              required={false}
              values={was ? [was.audience ?? []].flat().map(String) : (file.marking.audience ?? [])}
              options={saved.parties.map((party) => ({ value: party, label: services.nameOf(party, language) }))}
            />
          )}
          <Row>
            <Button label={t('files.describe-save')} />
            <LinkButton href={`${at}/files`} label={t('files.page.back')} plain />
          </Row>
        </Form>
      </Framed>
    ),
  }
}
