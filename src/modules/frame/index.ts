export { Framed, type FramedProps } from './framed.tsx'
export { frame } from './module.ts'
export { TroublePage } from './trouble-page.tsx'
