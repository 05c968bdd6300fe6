const block = /-----BEGIN CERTIFICATE-----([A-Za-z0-9+/=\s]+)-----END CERTIFICATE-----/g

/** Certificates of a PEM file, or of a file that is one certificate in DER. */
export function readRoots(file: Uint8Array): Uint8Array[] {
  const text = Buffer.from(file).toString('latin1')
  const found = [...text.matchAll(block)].map(([, base64 = '']) => new Uint8Array(Buffer.from(base64, 'base64')))
  return found.length > 0 ? found : [file]
}
