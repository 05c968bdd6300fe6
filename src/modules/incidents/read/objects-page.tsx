import type { Visit } from '../../../core/module/types.ts'
import { LinkButton, PageHead, Quiet, Row, Section, Table, TlpLabel } from '../../../web/index.ts'
import { BundleList } from '../bundles/bundle-page.tsx'
import type { Bundle } from '../bundles/list-bundles.ts'
import { Framed } from '../../frame/index.ts'
import type { Incident } from '../incident.ts'
import type { ListedObject } from '../share/list-shareable.ts'
import { AtHome, BackTo } from '../pages/parts.tsx'

/** Objects per page. */
export const objectsPerPage = 200

interface Props {
  visit: Visit
  incident: Incident
  objects: (ListedObject & { markedBy: string })[]
  all: number
  withheld: number
  from: number
  bundles: readonly Bundle[]
}

/** The objects of an incident with their labels and why they carry them. */
export function ObjectsPage({ visit, incident, objects, all, withheld, from, bundles }: Props) {
  const { t } = visit
  const page = (start: number) => `/incidents/${incident.id}/objects?from=${start}`
  return (
    <Framed
      visit={visit}
      title={t('incidents.objects.page-title', { name: incident.codeName })}
      current="/incidents"
      drill={incident.drill ? incident.codeName : undefined}
    >
      <PageHead
        form={<bdi>{incident.codeName}</bdi>}
        title={t('incidents.objects.title')}
        lead={t('incidents.objects.count', { count: all })}
      />
      <BackTo visit={visit} incident={incident} />
      <AtHome visit={visit} />
      {withheld > 0 && <Quiet>{t('incidents.objects.withheld', { count: withheld })}</Quiet>}
      {bundles.length > 0 && (
        <Section title={t('incidents.bundle.title')} id="bundles">
          <BundleList visit={visit} bundles={bundles} />
        </Section>
      )}
      <ObjectTable visit={visit} objects={objects} />
      <Row>
        {from > 0 && (
          <LinkButton plain href={page(Math.max(0, from - objectsPerPage))} label={t('incidents.objects.previous')} />
        )}
        {from + objects.length < all && (
          <LinkButton plain href={page(from + objectsPerPage)} label={t('incidents.objects.next')} />
        )}
      </Row>
    </Framed>
  )
}

/** Name, type, label; `markedBy` says where the label comes from, if it is known. */
export function ObjectTable({ visit, objects }: { visit: Visit; objects: (ListedObject & { markedBy?: string })[] }) {
  const { t } = visit
  return (
    <Table
      caption={t('incidents.objects.title')}
      quietCaption
      head={[t('incidents.objects.name'), t('incidents.objects.type'), t('common.marking'), t('incidents.objects.id')]}
      rows={objects.map((one) => [
        <bdi>{one.name || one.type}</bdi>,
        <bdi>{one.type}</bdi>,
        <>
          <TlpLabel marking={{ tlp: one.tlp }} />
          {one.markedBy && one.markedBy !== 'object' && (
            <span class="quiet small"> {t(`incidents.marked-by.${one.markedBy}`)}</span>
          )}
        </>,
        <bdi class="reg">{one.id}</bdi>,
      ])}
    />
  )
}
