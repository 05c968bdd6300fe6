export { Framed, type FramedProps } from './framed.tsx'
export { MarkingFields, TlpSelect, usualTlp } from './marking-fields.tsx'
export { frame } from './module.ts'
export { TroublePage } from './trouble-page.tsx'
