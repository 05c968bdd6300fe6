import assert from 'node:assert/strict'
import { globSync, readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { test } from 'node:test'

const root = join(import.meta.dirname, '../..')
const files = globSync('src/**/*', { cwd: root, withFileTypes: true })
  .filter((entry) => entry.isFile())
  .map((entry) => join(entry.parentPath, entry.name))

/** Shapes of land, programs that draw them, and where their pictures are fetched. */
const geometry =
  /FeatureCollection|MultiPolygon|\b(?:geo|topo)json\b|d3-geo|leaflet|maplibre|mapbox|openstreetmap|openlayers|naturalearth|usemap=/i
const mapElement = /<map\b/
/** Letters that programs join to a country’s flag, and pictures of flags. */
const flag = /[\u{1F1E6}-\u{1F1FF}\u{1F38C}\u{1F3C1}\u{1F3F3}\u{1F3F4}\u{1F6A9}]|flag-icon|twemoji/u

test('no page can draw a map or a flag: the sources hold no borders, no flag, and no picture but our mark', () => {
  const written = files.filter((path) => /\.(?:tsx?|json|css|svg|md)$/.test(path))
  assert.ok(written.length > 1000, `only ${written.length} sources`)
  const found = written.flatMap((path) => {
    const text = readFileSync(path, 'utf8')
    return [geometry, mapElement, flag].flatMap((sign) => {
      const [what] = sign.exec(text) ?? []
      return what === undefined ? [] : [`${path.slice(root.length + 1)}: ${what}`]
    })
  })
  assert.deepEqual(found, [])
  const pictures = files.filter((path) => !/\.(?:tsx?|json|css|md)$/.test(path))
  assert.deepEqual(
    pictures.map((path) => basename(path)),
    ['mark.svg'],
  )
  const { dependencies } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { dependencies: object }
  const drawing = Object.keys(dependencies).filter((name) => geometry.test(name) || flag.test(name))
  assert.deepEqual(drawing, [])
})

test('what looks for maps and flags finds them', () => {
  for (const planted of ['{"type":"FeatureCollection"}', "import L from 'leaflet'"]) assert.match(planted, geometry)
  assert.match('<map name="x">', mapElement)
  for (const planted of ['\u{1F1EB}\u{1F1F7}', '\u{1F3F4}']) assert.match(planted, flag)
})
