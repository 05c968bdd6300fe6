import { isClean } from '../../../core/attachments/index.ts'
import type { Answer, Visit } from '../../../core/module/types.ts'
import { formatSize } from '../../../text/index.ts'
import { LinkButton, PageHead, Pairs, Quiet, Row, Section, TlpLabel, Trouble } from '../../../web/index.ts'
import { formatText, Found } from '../../files/index.ts'
import { Framed } from '../../frame/index.ts'
import { partiesText, titleOf } from '../space-words.ts'
import { findPart } from './find-part.ts'

/** What an attachment is by its own bytes: nobody else's checks are believed. */
export async function showPart(visit: Visit): Promise<Answer> {
  const { services, t, language } = visit
  const { space, act, described, content } = await findPart(visit)
  const { sha256: digest, ...look } = await services.attachments.lookAtPart({ ...described, content })
  const sha256 = Buffer.from(digest, 'base64url').toString('hex')
  const at = `/spaces/${space.id}/acts/${act.hash}`
  const title = described.title ?? described.name
  if (visit.wantsJson) return { data: { name: described.name, size: described.size, sha256, ...look } }
  return {
    page: (
      <Framed visit={visit} title={title} current="/spaces" drill={space.drill} marking={described.marking}>
        <PageHead
          form={`${titleOf(space, language)} · ${partiesText(space, services, language)}`}
          title={<bdi>{title}</bdi>}
        />
        {!isClean(look) && <Trouble title={t('files.part.careful')} what={t('files.part.careful-what')} />}
        <Section title={t('files.part.found')} id="found">
          <Found findings={look.findings} t={t} />
        </Section>
        <Pairs
          items={[
            { term: t('files.part.name'), detail: <bdi>{described.name}</bdi> },
            { term: t('files.size'), detail: formatSize(described.size, language) },
            { term: t('files.kind'), detail: formatText(look.format, t) },
            { term: t('files.part.said'), detail: <code>{described.media}</code> },
            { term: t('markings.marking'), detail: <TlpLabel marking={described.marking ?? act.statement.marking} /> },
            { term: t('files.part.from'), detail: services.nameOf(act.statement.author, language) },
            { term: 'SHA-256', detail: <code class="break">{sha256}</code> },
          ]}
        />
        <Row>
          <LinkButton href={`${at}/parts/${described.hash}`} label={t('files.part.fetch')} />
          <LinkButton href={at} label={t('files.part.proof')} plain />
        </Row>
        <Quiet small>{t('files.part.never-opened')}</Quiet>
      </Framed>
    ),
  }
}
