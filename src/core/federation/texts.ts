import { z } from 'zod'
import { isId, isParty } from '../../protocol/index.ts'

/** 32 lower-case hex digits. */
export const idText = z.string().refine(isId, 'not an id')
/** Lower-case A-label domain. */
export const partyText = z.string().refine(isParty, 'not a party')
/** base64url of 32 bytes. */
export const hashText = z.string().regex(/^[A-Za-z0-9_-]{43}$/)
export const isHash = (text: string): boolean => hashText.safeParse(text).success
