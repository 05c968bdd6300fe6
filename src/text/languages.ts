const rightToLeft = new Set(['ar', 'arc', 'ckb', 'dv', 'fa', 'ha-arab', 'he', 'ks', 'ps', 'sd', 'ug', 'ur', 'yi'])

/** Reading direction of a language tag. */
export function direction(language: string): 'ltr' | 'rtl' {
  const tag = language.toLowerCase()
  if (tag.includes('-arab') || tag.includes('-hebr')) return 'rtl'
  return rightToLeft.has(tag.split('-')[0] ?? '') ? 'rtl' : 'ltr'
}

/** The language's name for itself, e.g. `français`; the tag where no name is known. */
export function languageName(language: string): string {
  try {
    return new Intl.DisplayNames([language], { type: 'language' }).of(language) ?? language
  } catch {
    return language
  }
}

/**
 * The best available language: a saved choice first, then `Accept-Language` by
 * quality, then the first available one.
 */
export function languageFrom({
  chosen,
  acceptLanguage,
  available,
}: {
  chosen?: string
  acceptLanguage?: string | null
  available: readonly string[]
}): string {
  if (chosen && available.includes(chosen)) return chosen
  for (const wanted of preferences(acceptLanguage ?? '')) {
    const match =
      available.find((a) => a.toLowerCase() === wanted) ??
      available.find((a) => a.toLowerCase() === wanted.split('-')[0])
    if (match) return match
  }
  return available.includes('en') ? 'en' : (available[0] ?? 'en')
}

function preferences(header: string): string[] {
  return header
    .slice(0, 500)
    .split(',')
    .map((item) => {
      const [tag = '', ...rest] = item.trim().toLowerCase().split(';')
      const q = rest.map((r) => r.trim()).find((r) => r.startsWith('q='))
      const quality = q === undefined ? 1 : Number(q.slice(2))
      return { tag: tag.trim(), quality: Number.isFinite(quality) ? quality : 0 }
    })
    .filter(({ tag, quality }) => tag !== '' && quality > 0)
    .sort((a, b) => b.quality - a.quality)
    .map(({ tag }) => tag)
}
