import type { Format } from '../types.ts'

/** Endings that a system or a browser runs, installs or follows. */
const active = new Set(
  (
    'exe com scr pif dll sys cpl msi msp msix appx bat cmd ps1 psm1 vbs vbe js jse mjs wsf wsh hta jar class ' +
    'sh bash zsh command app apk dmg pkg deb rpm run elf so dylib lnk url website desktop scf inf reg iso img vhd vhdx ' +
    'html htm xhtml xht shtml mht mhtml svg svgz xsl xslt xml swf chm hlp docm dotm xlsm xltm xlam pptm potm ppam ' +
    'xll iqy slk settingcontent-ms library-ms search-ms one py pyc rb pl php wasm'
  ).split(' '),
)
const archives = new Set('zip 7z rar tar gz tgz bz2 tbz xz txz zst lz lzma cab arj ace z jar war'.split(' '))

export const endingOf = (name: string): string => /\.([^./\\\s]{1,20})\s*$/.exec(name)?.[1]?.toLowerCase() ?? ''

export const isActiveName = (name: string): boolean => active.has(endingOf(name))
export const isArchiveName = (name: string): boolean => archives.has(endingOf(name))

/** Kinds of text that bytes do not tell apart. */
export type TextKind = 'text' | 'csv' | 'json'

export function textKindOf(name: string): TextKind {
  const ending = endingOf(name)
  if (ending === 'csv' || ending === 'tsv') return 'csv'
  return ending === 'json' || ending === 'stix' ? 'json' : 'text'
}

/** What a name says that a file is; undefined where it says nothing that is known here. */
export function formatOfName(name: string): Format | undefined {
  const ending = endingOf(name)
  return endings[ending] ?? (active.has(ending) ? 'script' : archives.has(ending) ? 'archive' : undefined)
}

const endings: Record<string, Format> = {
  jpg: 'jpeg',
  jpeg: 'jpeg',
  jpe: 'jpeg',
  png: 'png',
  webp: 'webp',
  gif: 'image',
  bmp: 'image',
  tif: 'image',
  tiff: 'image',
  heic: 'image',
  heif: 'image',
  avif: 'image',
  pdf: 'pdf',
  docx: 'docx',
  xlsx: 'xlsx',
  pptx: 'pptx',
  odt: 'odt',
  ods: 'ods',
  odp: 'odp',
  zip: 'zip',
  doc: 'office-old',
  xls: 'office-old',
  ppt: 'office-old',
  msg: 'office-old',
  rtf: 'rich-text',
  json: 'json',
  csv: 'csv',
  txt: 'text',
}

/**
 * A name that shows on every system what it is: no path, no control or direction characters, no spaces at its ends,
 * at most 150 characters with its ending kept.
 */
export function plainName(name: string): string {
  const last = name.replace(/^.*[\\/]/s, '')
  const plain = last
    .normalize('NFC')
    .replace(/[\p{Cc}\p{Cf}\p{Co}\p{Cn}\p{Zl}\p{Zp}<>:"|?*]/gu, '')
    .replace(/\s+/g, ' ')
    .replace(/^[\s.]+|[\s.]+$/g, '')
  const ending = endingOf(plain)
  const stem = ending ? plain.slice(0, -(ending.length + 1)) : plain
  const short = [...stem]
    .slice(0, 120)
    .join('')
    .replace(/[\s.]+$/, '')
  return `${short || 'file'}${ending && `.${ending}`}`
}
