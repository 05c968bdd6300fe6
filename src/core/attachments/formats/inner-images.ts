import { FileTrouble } from '../types.ts'
import { jpeg } from './jpeg.ts'
import { png } from './png.ts'

const readerOf = (name: string) => (/\.jpe?g$/i.test(name) ? jpeg : /\.png$/i.test(name) ? png : undefined)

/** Whether a picture in a document carries something about itself. One that cannot be read is left as it is. */
export function hasImageMetadata(name: string, content: () => Uint8Array | undefined): boolean {
  return cleanImage(name, content) !== undefined
}

/** The picture without it; undefined where nothing is to be taken out. */
export function cleanImage(name: string, content: () => Uint8Array | undefined): Uint8Array | undefined {
  const reader = readerOf(name)
  const bytes = reader && content()
  if (!reader || !bytes || bytes.length < 8) return undefined
  try {
    const finds = reader.look(bytes).some(({ grade }) => grade === 'strip')
    return finds ? reader.strip?.(bytes) : undefined
  } catch (error) {
    if (error instanceof FileTrouble) return undefined
    throw error
  }
}
