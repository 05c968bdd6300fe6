import type { Answer, SpaceFacts, Visit } from '../../../core/module/types.ts'
import type { Footing } from '../../../core/release/index.ts'
import { ButtonForm, LinkButton, PageHead, Row } from '../../../web/index.ts'
import { Framed } from '../../frame/index.ts'
import { FootingNote, titleOf } from '../../spaces/index.ts'

/** A decision cannot be declared yet: the call for consensus was not shown to all whose silence would count. */
export function declareLater(visit: Visit, space: SpaceFacts, footing: Footing): Answer {
  const { t, language } = visit
  const title = t('forums.declare.title')
  return {
    status: 409,
    page: (
      <Framed visit={visit} title={title} current="/forums" drill={space.drill}>
        <PageHead form={titleOf(space, language)} title={title} />
        <FootingNote visit={visit} footing={footing} why={t('forums.declare.why')}>
          <Row>
            <ButtonForm
              action={`/spaces/${space.id}/sought/${footing.act.hash}/declare`}
              label={t('forums.declare.wait')}
              fields={{ wait: 'yes' }}
            />
            <LinkButton href={`/spaces/${space.id}/acts/${footing.act.hash}`} label={t('spaces.write.back')} plain />
          </Row>
        </FootingNote>
      </Framed>
    ),
  }
}
