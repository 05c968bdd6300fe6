export type {
  DossierFailure,
  DossierReport,
  NotProven,
  ReportAct,
  ReportFingerprint,
  ReportPart,
  ReportSpace,
} from './report.ts'
export { type ReportWords, reportLines } from './report-lines.ts'
export { type VerifyOptions, verifyDossier } from './verify-dossier.ts'
export { type DossierInput, type DossierSpace, writeDossier } from './write-dossier.ts'
export { type StreamedFile, readArchive, streamArchive } from './zip.ts'
