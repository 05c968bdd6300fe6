import { z } from 'zod'
import { audit } from '../../core/auth/index.ts'
import { addStatuses } from '../../core/http/index.ts'
import type { Answer, Route, Services, Visit } from '../../core/module/types.ts'
import { languages } from '../../text/index.ts'
import { fileName, letterPdf } from './letter-sheet.ts'
import { findLetterhead, noteLetterhead } from './letterhead.ts'
import { loadLetter } from './load-letter.ts'
import { LetterPage } from './pages/letter-page.tsx'
import { LetterheadPage } from './pages/letterhead-page.tsx'

const placeField = (language: string) => `place-${language}`
const letterheadInput = z.object({
  id: z.string().regex(/^[0-9a-f]{32}$/),
  lines: z
    .string()
    .trim()
    .max(600)
    .default('')
    .transform((typed) =>
      typed
        .split('\n')
        .map((line) => line.trim())
        .filter((line) => line !== ''),
    )
    .refine((lines) => lines.length <= 6 && lines.every((line) => line.length <= 120), 'letters.invalid.lines'),
  ...Object.fromEntries(languages().map((one) => [placeField(one), z.string().trim().max(100).optional()])),
}) as unknown as z.ZodType<{ id: string; lines: string[] } & Record<string, string | undefined>>

/** A letter on paper, and what stands at its head. */
export function letterRoutes(services: Services): Route[] {
  addStatuses({ 'letters-kept-back': 403 })
  return [
    {
      method: 'GET',
      path: '/spaces/:space/notes/:act/letter',
      permission: 'letters:read',
      summary: 'A letter in its letterhead, as it prints',
      async handle(visit) {
        const letter = await loadLetter(services, visit.viewer, locate(visit), 'page')
        return { page: <LetterPage visit={visit} letter={letter} /> }
      },
    },
    {
      method: 'GET',
      path: '/spaces/:space/notes/:act/letter.pdf',
      permission: 'letters:read',
      summary: 'A letter as PDF in its letterhead',
      async handle(visit) {
        const letter = await loadLetter(services, visit.viewer, locate(visit), 'print')
        const pdf = await letterPdf(services, letter)
        await audit(services.db, {
          at: services.clock.now(),
          person: visit.viewer.person.id,
          what: 'letter-exported',
          about: letter.act.hash,
        })
        return pdfAnswer(pdf, fileName(letter))
      },
    },
    {
      method: 'GET',
      path: '/letters/letterhead',
      permission: 'letters.letterhead:manage',
      summary: 'Form for what stands at the head of our letters',
      handle: (visit) => showLetterhead(services, visit),
    },
    {
      method: 'POST',
      path: '/letters/letterhead',
      permission: 'letters.letterhead:manage',
      input: letterheadInput,
      summary: 'Note what stands at the head of our letters from now on',
      async handle(visit: Visit<z.infer<typeof letterheadInput>>) {
        const { input, viewer } = visit
        const place = Object.fromEntries(
          languages().flatMap((one) =>
            input[placeField(one)] ? [[one, String(input[placeField(one)])] as const] : [],
          ),
        )
        await noteLetterhead(services, { id: input.id, by: viewer.person, place, lines: input.lines })
        return {
          redirect: '/letters/letterhead',
          notice: 'letters.letterhead.saved',
          data: { place, lines: input.lines },
        }
      },
      onInvalid: (visit, errors) => showLetterhead(services, visit, errors),
    },
  ]
}

const locate = ({ params }: Visit): { space: string; act: string } => ({
  space: params.space ?? '',
  act: params.act ?? '',
})

/** A copy of something marked is kept by nobody on the way. */
export function pdfAnswer(pdf: Uint8Array, name: string): Response {
  return new Response(new Uint8Array(pdf), {
    headers: {
      'content-type': 'application/pdf',
      'content-disposition': `inline; filename="letter.pdf"; filename*=UTF-8''${encodeURIComponent(name)}`,
      'cache-control': 'private, no-store',
    },
  })
}

async function showLetterhead(
  services: Services,
  visit: Visit<unknown>,
  errors?: Record<string, string>,
): Promise<Answer> {
  const letterhead = await findLetterhead(services)
  if (visit.wantsJson && !errors) return { data: { place: letterhead?.place ?? {}, lines: letterhead?.lines ?? [] } }
  return { page: <LetterheadPage visit={visit} letterhead={letterhead} errors={errors} />, status: errors ? 422 : 200 }
}
