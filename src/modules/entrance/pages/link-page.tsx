import type { Visit } from '../../../core/module/types.ts'
import { Button, Form, LinkButton, PageHead, Trouble } from '../../../web/index.ts'
import { Framed } from '../../frame/index.ts'

/** Opening the address changes nothing: mail scanners and previews open every link. The button uses it up. */
export function LinkPage({ visit, refusal }: { visit: Visit; refusal?: string }) {
  const { t, services, language, params } = visit
  const party = services.nameOf(services.party, language)
  return (
    <Framed visit={visit} title={t('entrance.link.title')}>
      <PageHead
        form={services.party}
        title={t('entrance.link.heading', { party })}
        lead={refusal ? undefined : t('entrance.link.lead')}
      />
      {refusal ? (
        <>
          <Trouble what={t(`refusal.${refusal}`)} />
          <LinkButton href="/sign-in" label={t('entrance.link.to-sign-in')} plain />
        </>
      ) : (
        <Form action={`/sign-in/link/${encodeURIComponent(params.token ?? '')}`}>
          <Button label={t('entrance.link.use')} />
        </Form>
      )}
    </Framed>
  )
}
