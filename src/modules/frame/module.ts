import { z } from 'zod'
import { cookieHeader, localPath } from '../../core/http/index.ts'
import type { Module, Route } from '../../core/module/types.ts'
import { languages } from '../../text/index.ts'

const languageYearSeconds = 365 * 24 * 60 * 60
const chosenLanguage = z.object({ language: z.string().max(35), to: z.string().max(2000).optional() })

const chooseLanguage: Route<z.infer<typeof chosenLanguage>> = {
  method: 'POST',
  path: '/language',
  permission: 'public',
  input: chosenLanguage,
  summary: 'Choose the language of pages on this browser',
  async handle({ input, services }) {
    const headers = new Headers({ Location: localPath(input.to) })
    if (languages().includes(input.language)) {
      headers.set(
        'Set-Cookie',
        cookieHeader(services.settings, 'language', input.language, { maxAgeSeconds: languageYearSeconds }),
      )
    }
    return new Response(null, { status: 303, headers })
  },
}

/** The frame around every page, and the language switch in its foot. */
export const frame: Module = { name: 'frame', routes: () => [chooseLanguage] }
