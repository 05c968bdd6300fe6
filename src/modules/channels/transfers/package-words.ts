import { writeCsv } from '../../../core/csv/index.ts'
import { markingText } from '../../../core/markings/index.ts'
import type { Services } from '../../../core/module/types.ts'
import type { Translate } from '../../../text/index.ts'
import type { Written } from './document-sheet.ts'
import type { Listed, PackagedFile } from './package-files.ts'
import type { Transfer } from './transfer.ts'

/** What the lists of a package say of one document. */
export interface RecordOf {
  written: Written
  /** Its text as files. */
  forms: Listed[]
  files: PackagedFile[]
  /** Where the dossier of its space lies in the package; none where that may not be seen there. */
  proof?: string
}

export interface PackageWords {
  services: Services
  transfer: Transfer
  records: readonly RecordOf[]
  t: Translate
  language: string
}

const iso = (at: number) => new Date(at).toISOString()

/** Names of DCMI Metadata Terms where they fit; those without a prefix are a registry's own. */
function describe({ written, forms, files, proof }: RecordOf, code: string) {
  const { act, facts, judged, title, form, from, to } = written
  const file = ({ path, media, size, sha256 }: Listed) => ({
    path,
    'dcterms:format': media,
    'dcterms:extent': size,
    sha256,
  })
  return {
    'dcterms:identifier': act,
    'dcterms:title': title,
    'dcterms:type': form,
    'dcterms:creator': from,
    addressee: to,
    'dcterms:issued': iso(facts.sentAt),
    ...(facts.stamp && { 'dcterms:dateAccepted': iso(facts.stamp.receivedAt), incomingNumber: facts.stamp.number }),
    ourReference: facts.ourRef ?? '',
    yourReference: facts.yourRef ?? '',
    'dcterms:isPartOf': code,
    'dcterms:accessRights': markingText(facts.marking),
    state: facts.state,
    corrected: facts.isCorrected,
    drill: facts.isDrill,
    keptUntil: facts.keptUntil,
    space: facts.space,
    'dcterms:provenance': proof ?? '',
    'dcterms:hasFormat': forms.map(file),
    'dcterms:hasPart': files.map((one) => ({
      'dcterms:title': one.name,
      ...file(one),
      commitment: one.commitment,
      salt: one.salt,
    })),
    filesNotIncluded: judged.filesOut,
  }
}

export function metadataJson({ services, transfer, records, language }: PackageWords): string {
  const { id, code, from, to, archive, ceiling, confirmedBy } = transfer
  const package_ = {
    '@context': { dcterms: 'http://purl.org/dc/terms/' },
    format: 'chancery-transfer',
    v: 1,
    'dcterms:identifier': id,
    'dcterms:publisher': `${services.signedNameOf(services.party, language)} <${services.party}>`,
    'dcterms:created': iso(confirmedBy?.at ?? 0),
    recipient: archive,
    ceiling: `TLP:${ceiling}`,
    'dcterms:isPartOf': code,
    period: { from: from ?? '', to: to ?? '' },
    documents: records.map((record) => describe(record, code)),
  }
  return `${JSON.stringify(package_, undefined, 2)}\n`
}

/** One line for each document; several values of a cell stand one below the other. */
export function metadataCsv({ transfer, records }: PackageWords): string {
  const described = records.map((record) => describe(record, transfer.code))
  const head = Object.keys(described[0] ?? {})
  const names = ['dcterms:dateAccepted', 'incomingNumber'].filter((name) => !head.includes(name))
  const columns = [...head, ...names]
  const rows = described.map((one) => columns.map((name) => cellOf((one as Record<string, unknown>)[name])))
  return writeCsv([columns, ...rows])
}

function cellOf(value: unknown): string {
  if (value === undefined) return ''
  if (!Array.isArray(value)) return String(value)
  return value
    .map((one: unknown) => (typeof one === 'string' ? one : `${(one as Listed).sha256} ${(one as Listed).path}`))
    .join('\n')
}

/** What it is, how to check it, and what is not in it. */
export function readme({ services, transfer, records, t, language }: PackageWords): string {
  const unproven = records.filter(({ proof }) => proof === undefined).length
  const filesOut = records.reduce((sum, { written }) => sum + written.judged.filesOut, 0)
  const proof = records.find((one) => one.proof !== undefined)?.proof
  const facts = {
    party: services.signedNameOf(services.party, language),
    archive: transfer.archive,
    count: records.length,
    code: transfer.code,
    ceiling: transfer.ceiling,
    made: iso(transfer.confirmedBy?.at ?? 0),
    proof: proof ?? '',
  }
  const proofs = proof === undefined ? [] : ['check-proofs', 'check-files']
  const parts = [
    'what',
    'layout',
    'check-bytes',
    ...proofs,
    'terms',
    'not-in-it',
    ...(proof === undefined ? [] : ['stubs']),
  ]
  return `${[
    t('channels.transfer.readme.title', facts),
    ...parts.map((part) => t(`channels.transfer.readme.${part}`, facts)),
    ...(filesOut > 0 ? [t('channels.transfer.readme.files-out', { count: filesOut })] : []),
    ...(unproven > 0 ? [t('channels.transfer.readme.unproven', { count: unproven })] : []),
  ].join('\r\n\r\n')}\r\n`
}

/** RFC 8493, section 2.2.2. */
export function bagInfo({ services, transfer, language }: PackageWords, payload: readonly Listed[]): string {
  const bytes = payload.reduce((sum, { size }) => sum + size, 0)
  const line = (name: string, value: string) => `${name}: ${value.replaceAll(/\s+/g, ' ')}\n`
  return [
    line('Source-Organization', services.signedNameOf(services.party, language)),
    line('External-Identifier', transfer.id),
    line('Bagging-Date', iso(transfer.confirmedBy?.at ?? 0).slice(0, 10)),
    line('Payload-Oxum', `${bytes}.${payload.length}`),
  ].join('')
}
