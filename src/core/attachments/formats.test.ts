import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { deflateSync } from 'node:zlib'
import fc from 'fast-check'
import {
  docxFile,
  exifSegment,
  jpegFile,
  odtFile,
  officeFile,
  pdfFile,
  pngFile,
  relation,
  segment,
} from '../../../test/support/files.ts'
import { plainName } from './formats/names.ts'
import { readZip, unpack, writeZip } from './formats/zip.ts'
import { isClean, isStrippable, lookInto, stripFile, tooCostly } from './look-into.ts'
import { createLooker } from './looking/create-looker.ts'

const codes = (name: string, bytes: Uint8Array) => lookInto(name, bytes).findings.map((one) => one.code)
const refused = (name: string, bytes: Uint8Array) =>
  lookInto(name, bytes)
    .findings.filter((one) => one.grade === 'refuse')
    .map((one) => one.code)
const bytesOf = (text: string) => Buffer.from(text, 'utf8')
const zipOf = (...names: string[]) => writeZip(names.map((name) => ({ name, content: bytesOf('x') })))

test('a picture loses author, place and what follows its end, and keeps every segment that makes its pixels', () => {
  fc.assert(
    fc.property(
      fc.array(fc.constantFrom('icc', 'comment', 'exif', 'xmp', 'iptc', 'adobe'), { maxLength: 6 }),
      fc.uint8Array({ maxLength: 40 }),
      fc.uint8Array({ maxLength: 20 }),
      (kinds, content, tail) => {
        const parts: Record<string, Buffer> = {
          icc: segment(0xe2, Buffer.concat([bytesOf('ICC_PROFILE\0'), content])),
          adobe: segment(0xee, Buffer.concat([bytesOf('Adobe'), content])),
          comment: segment(0xfe, content),
          xmp: segment(0xe1, Buffer.concat([bytesOf('http://ns.adobe.com/xap/1.0/\0'), content])),
          iptc: segment(0xed, content),
          exif: exifSegment('Ola Nordin'),
        }
        const kept = kinds.filter((kind) => kind === 'icc' || kind === 'adobe').map((kind) => parts[kind]!)
        const file = Buffer.concat([jpegFile(...kinds.map((kind) => parts[kind]!)), tail])
        if (kept.length === kinds.length && tail.length === 0) return assert.deepEqual(codes('a.jpg', file), [])
        const stripped = stripFile('a.jpg', file)
        assert.ok(stripped && isClean(stripped.look))
        // Turned pictures keep how they are turned, and nothing else of their Exif block.
        const turned = kinds.includes('exif') ? 36 : 0
        assert.equal(stripped.bytes.length, jpegFile(...kept).length + turned)
        assert.deepEqual(Buffer.from(stripped.bytes.subarray(2 + turned)), Buffer.from(jpegFile(...kept).subarray(2)))
        assert.ok(!Buffer.from(stripped.bytes).includes('Ola'))
      },
    ),
  )
  assert.deepEqual(codes('a.jpg', jpegFile(exifSegment('Ola Nordin'))), ['image-metadata', 'position'])

  const png = pngFile(['tEXt', 'Author\0Ola'], ['gAMA', '\0\0\xb1\x8f'], ['eXIf', 'MM\0*'])
  assert.deepEqual(Buffer.from(stripFile('a.png', png)!.bytes), pngFile(['gAMA', '\0\0\xb1\x8f']))

  const chunkOf = (type: string, content: string) => {
    const size = Buffer.alloc(4)
    size.writeUInt32LE(content.length)
    return Buffer.concat([bytesOf(type), size, Buffer.from(content, 'latin1')])
  }
  const webp = (...chunks: Buffer[]) => {
    const size = Buffer.alloc(4)
    size.writeUInt32LE(4 + Buffer.concat(chunks).length)
    return Buffer.concat([bytesOf('RIFF'), size, bytesOf('WEBP'), ...chunks])
  }
  const flagged = webp(chunkOf('VP8X', '\x0c\0\0\0\0\0\0\0\0\0'), chunkOf('VP8 ', 'ab'), chunkOf('EXIF', 'MM'))
  assert.deepEqual(
    Buffer.from(stripFile('a.webp', flagged)!.bytes),
    webp(chunkOf('VP8X', '\0\0\0\0\0\0\0\0\0\0'), chunkOf('VP8 ', 'ab')),
  )
})

test('a Word document loses author and comments; tracked changes, macros and what is fetched from elsewhere are refused by name', () => {
  const plain = docxFile('The Ministry presents its compliments.')
  const before = lookInto('note.docx', plain)
  assert.deepEqual([before.format, isStrippable(before)], ['docx', true])
  assert.ok(before.findings.some(({ code, detail }) => code === 'properties' && detail === 'Ola Nordin'))
  const { bytes, look } = stripFile('note.docx', plain)!
  assert.ok(isClean(look))
  const parts = new Map(readZip(bytes).map((entry) => [entry.name, Buffer.from(unpack(entry)).toString()]))
  assert.ok(![...parts.values()].some((text) => /Ola|Too soft|comment/.test(text)), 'no word of it anywhere')
  assert.match(parts.get('word/document.xml')!, /The Ministry presents its compliments\./)
  assert.ok(!parts.has('word/comments.xml'))

  const changed = docxFile('</w:t></w:r><w:ins w:author="O"><w:r><w:t>new</w:t></w:r></w:ins><w:r><w:t>')
  assert.deepEqual(refused('note.docx', changed), ['tracked-changes'])
  const part = (name: string) => ({ more: [{ name, content: bytesOf('x') }] })
  assert.deepEqual(refused('note.docx', docxFile('a', part('word/vbaProject.bin'))), ['macros', 'embedded-files'])
  assert.deepEqual(refused('note.docx', docxFile('a', part('word/embeddings/sheet.xlsx'))), ['embedded-files'])
  const outside = relation('r9', 'attachedTemplate', 'https://tracker.example/t.dotm', ' TargetMode="External"')
  assert.deepEqual(refused('note.docx', docxFile('a', { links: [outside] })), ['outside-content'])
  const field =
    '</w:t></w:r><w:r><w:instrText>DDE</w:instrText></w:r><w:r><w:instrText>AUTO c:\\x</w:instrText></w:r><w:r><w:t>'
  assert.deepEqual(refused('note.docx', docxFile(field)), ['commands'])
  assert.equal(stripFile('note.docx', changed), undefined)
})

test('sheets, slides and texts lose author and preview and keep their content; remarks, notes and what is hidden are refused wherever a program put them', () => {
  const sheet = 'officedocument.spreadsheetml.'
  const book = (state = '', ...more: { name: string; kind: string; xml: string }[]) =>
    officeFile('xl/workbook.xml', [
      { name: 'xl/workbook.xml', kind: `${sheet}sheet.main`, xml: `<workbook><sheet name="A"${state}/></workbook>` },
      { name: 'xl/worksheets/sheet1.xml', kind: `${sheet}worksheet`, xml: '<row><c>41</c></row>' },
      ...more,
    ])
  const slides = (slide: string, ...more: { name: string; kind: string; xml: string }[]) =>
    officeFile('ppt/presentation.xml', [
      { name: 'ppt/presentation.xml', kind: 'officedocument.presentationml.presentation.main', xml: '<p:pres/>' },
      { name: 'ppt/deck/one.xml', kind: 'officedocument.presentationml.slide', xml: slide },
      ...more,
    ])
  const cases: [string, Uint8Array, string, string][] = [
    ['book.xlsx', book(), 'xl/worksheets/sheet1.xml', '<row><c>41</c></row>'],
    ['deck.pptx', slides('<p:sld>41</p:sld>'), 'ppt/deck/one.xml', '<p:sld>41</p:sld>'],
    ['text.odt', odtFile('<text:p>41</text:p>'), 'content.xml', '<text:p>41</text:p>'],
  ]
  for (const [name, file, part, content] of cases) {
    assert.match(lookInto(name, file).findings[0]?.detail ?? '', /Ola Nordin/, name)
    const parts = new Map(
      readZip(stripFile(name, file)!.bytes).map((entry) => [entry.name, Buffer.from(unpack(entry))]),
    )
    assert.ok(parts.get(part)?.includes(content), name)
    assert.ok(![...parts.values()].some((one) => one.includes('Ola') || one.includes('a picture of')), name)
  }
  const remark = (name: string, kind: string) => ({ name, kind, xml: '<t>Too soft? Ola Nordin</t>' })
  // As openpyxl, LibreOffice and Excel name them.
  for (const name of ['xl/comments/comment1.xml', 'xl/comments1.xml', 'xl/said/by.xml'])
    assert.deepEqual(refused('a.xlsx', book('', remark(name, `${sheet}comments`))), ['comments'])
  assert.deepEqual(refused('a.xlsx', book(' state="veryHidden"')), ['hidden-sheets'])
  assert.deepEqual(
    refused('a.xlsx', book('', { name: 'xl/more.xml', kind: `${sheet}worksheet`, xml: '<row r="1" hidden="1">' })),
    ['hidden-text'],
  )
  assert.deepEqual(refused('a.xlsx', book('', remark('xl/out.xml', `${sheet}externalLink`))), ['outside-content'])
  assert.deepEqual(refused('a.pptx', slides('<p:sld show="0">')), ['hidden-slides'])
  const notes = remark('ppt/n.xml', 'officedocument.presentationml.notesSlide')
  assert.deepEqual(refused('a.pptx', slides('<p:sld/>', notes)), ['speaker-notes'])
  assert.deepEqual(refused('a.odt', odtFile('<office:annotation>Too soft?</office:annotation>')), ['comments'])
})

test('a PDF that runs, opens or sends something is refused, however its names are written; its author is blanked in place', () => {
  assert.deepEqual(refused('a.pdf', pdfFile('<< /S /JavaScript /JS (app.alert(1)) >>')), ['macros'])
  assert.deepEqual(refused('a.pdf', pdfFile('<< /S /J#61vaScript /#4aS (x) >>')), ['macros'])
  assert.deepEqual(refused('a.pdf', pdfFile('<< /S /Launch /F (cmd.exe) >>')), ['opens-programs'])
  assert.deepEqual(refused('a.pdf', pdfFile('<< /Type /EmbeddedFile >>')), ['embedded-files'])
  const hidden = deflateSync(Buffer.from('5 0 << /S /JavaScript >>')).toString('latin1')
  const folded = (how: string) =>
    pdfFile(`<< /Type /ObjStm /N 1 /First 4 ${how} /Length ${hidden.length} >>\nstream\n${hidden}\nendstream`)
  assert.deepEqual(refused('a.pdf', folded('/Filter /FlateDecode')), ['macros'])
  assert.deepEqual(
    refused('a.pdf', folded('/Filter [/ASCIIHexDecode /FlateDecode]')),
    ['locked'],
    'what cannot be unfolded is not taken',
  )
  const signed = pdfFile('<< >>', 'Ola Nordin (MFA\\)')
  assert.deepEqual(codes('a.pdf', pdfFile('<< >>', 'Ola Nordin')), ['properties'])
  assert.deepEqual(refused('a.pdf', signed), ['damaged'], 'a string without an end is not guessed at')
  const { bytes } = stripFile('a.pdf', pdfFile('<< >>', 'Ola \\(MFA\\)'))!
  assert.equal(bytes.length, pdfFile('<< >>', 'Ola \\(MFA\\)').length)
  assert.ok(!Buffer.from(bytes).includes('MFA'))
})

test('an archive is listed and never unpacked; bombs, paths, links, locks and what runs are refused', () => {
  assert.deepEqual(codes('a.zip', zipOf('one.txt', 'b/two.txt')), ['listed'])
  assert.deepEqual(refused('a.zip', zipOf('../../etc/passwd')), ['bad-path'])
  assert.deepEqual(refused('a.zip', zipOf('C:evil.txt')), ['bad-path'])
  assert.deepEqual(refused('a.zip', zipOf('inner.zip')), ['archive-inside'])
  assert.deepEqual(refused('a.zip', zipOf('invoice.pdf.exe')), ['active-inside'])
  assert.deepEqual(refused('a.zip', writeZip([{ name: 'big.txt', content: new Uint8Array(4_000_000) }])), ['unfolds'])
  assert.deepEqual(refused('a.zip', Buffer.concat([bytesOf('MZ'), zipOf('a.txt')])), ['active'])
  assert.deepEqual(refused('a.zip', Buffer.concat([zipOf('a.txt'), bytesOf('tail')])), ['damaged'])
  assert.deepEqual(refused('a.zip', zipOf('same.txt', 'SAME.txt')), ['damaged'])
})

test('what runs or opens as a page is refused by its bytes and by its name, whatever else it claims to be', () => {
  for (const [name, content] of [
    ['a.txt', '<html><script>alert(1)</script>'],
    ['a.txt', '\n<!-- x --> <!DOCTYPE html>'],
    ['a.txt', '<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>'],
    ['a.svg', 'plain'],
    ['note.pdf.js', 'plain'],
    ['a.txt', '#!/bin/sh\nrm -rf /'],
    ['a.pdf', 'MZ\x90\0\x03'],
    ['a.dat', '\x7fELF\x02'],
    ['a.txt', '\ufeff<svg/onload=alert(1)>'],
  ] as const)
    assert.deepEqual(
      refused(name, Buffer.from(content, content.includes('\ufeff') ? 'utf8' : 'latin1')),
      ['active'],
      `${name} ${content}`,
    )
  assert.deepEqual(refused('a.txt', Buffer.from('\ufeff<script>', 'utf16le')), ['active'])
  assert.deepEqual(refused('photo.png', jpegFile()), ['said-otherwise'])
  assert.deepEqual(codes('log.txt', bytesOf('GET /?q=<script>alert(1)</script> 200')), [], 'a log may quote a page')
  assert.deepEqual(codes('a.csv', bytesOf('host,"=HYPERLINK(""x"")"')), ['formulas'])
  assert.deepEqual(codes('a.txt', bytesOf('admin\u202e')), ['reversed-text'])
  assert.equal(plainName('../..\\in\u202evoice\u202c \n.pdf'), 'invoice.pdf')
  // Characters that have meant trouble in names: paths, ends, directions, nothing at all.
  const nasty = [...'aZ9é . /\\:*?"<>|-_\0\n\t\u00ad\u200b\u202e\u2066\ufeff\ud7ff', '\ud800', '😀', 'e\u0301', '.pdf']
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom(...nasty), maxLength: 40 }), (name) => {
      const plain = plainName(name)
      assert.ok(plain.length > 0 && [...plain].length <= 150 && !/[\p{Cc}\p{Cf}/\\<>:"|?*]/u.test(plain))
      assert.equal(plainName(plain), plain)
    }),
    { numRuns: 60 },
  )
})

test('garbled and truncated files are refused with a place or found clean, never thrown, never active and never half taken out', () => {
  const seeds: [string, Uint8Array][] = [
    ['a.jpg', jpegFile(exifSegment('Ola'))],
    ['a.png', pngFile(['tEXt', 'Author\0Ola'])],
    ['a.docx', docxFile('text')],
    ['a.pdf', pdfFile('<< >>', 'Ola')],
    ['a.zip', zipOf('one.txt', 'two.txt')],
  ]
  const safe =
    /^(image\/(jpeg|png|webp)|application\/(pdf|zip|json|octet-stream|vnd\.(openxml|oasis)[\w.-]+)|text\/(plain|csv))$/
  fc.assert(
    fc.property(
      fc.constantFrom(...seeds),
      fc.double({ min: 0, max: 1, noNaN: true }),
      fc.array(fc.tuple(fc.double({ min: 0, max: 0.999, noNaN: true }), fc.nat(255)), { maxLength: 8 }),
      ([name, seed], length, changes) => {
        const bytes = Uint8Array.from(seed.subarray(0, Math.ceil(seed.length * length)))
        for (const [at, value] of changes) bytes[Math.floor(at * bytes.length)] = value
        const look = lookInto(name, bytes)
        assert.match(look.media, safe)
        for (const one of look.findings)
          if (one.code === 'damaged') assert.ok(one.at !== undefined && one.at !== '?', `${name}: a place is named`)
        const stripped = stripFile(name, bytes)
        if (stripped) assert.ok(isClean(lookInto(name, stripped.bytes)))
        assert.equal(stripped !== undefined && !isStrippable(look), false)
      },
    ),
    { numRuns: 400 },
  )
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
      assert.match(lookInto('a', bytes).media, safe)
    }),
  )
})

const looker = createLooker({ threads: 1 })
const hurried = createLooker({ threads: 1, withinMs: 500 })
after(() => Promise.all([looker.close(), hurried.close()]))

const atHand = (name: string, content: Uint8Array) => ({
  name,
  size: content.length,
  async *read() {
    yield content.subarray(0, 10)
    yield content.subarray(10)
  },
})

/** Each beginning of a packet is followed to the end of the file: the square of three million steps. */
const endless = Buffer.from(
  `%PDF-1.7\n${'<?xpacket begin='.repeat(200_000)}\ntrailer\n<< >>\nstartxref\n9\n%%EOF\n`,
  'latin1',
)

test('a file is looked into and cleaned in another thread as it is in this one, and one that does not fit its size is no file', async () => {
  const report = docxFile('Body')
  const { format, findings } = lookInto('report.docx', report)
  const looks = await Promise.all([1, 2, 3].map(() => looker.look(atHand('report.docx', report))))
  for (const look of looks) assert.deepEqual([look.format, look.findings], [format, findings])
  assert.deepEqual(await looker.strip(atHand('report.docx', report)), stripFile('report.docx', report))
  assert.equal(await looker.strip(atHand('plain.txt', Buffer.from('nothing to take out'))), undefined)
  await assert.rejects(looker.look({ ...atHand('a.txt', Buffer.from('abcdefghijkl')), size: 5 }), /longer/)
  await assert.rejects(looker.look({ ...atHand('a.txt', Buffer.from('abcdefghijkl')), size: 50 }), /shorter/)
})

test('a file that would be looked into without end gets its verdict in time, others are looked into after it, and this process goes on meanwhile', async () => {
  let turns = 0
  const turning = setInterval(() => {
    turns += 1
  }, 20)
  const [verdict, next] = await Promise.all([
    hurried.look(atHand('endless.pdf', endless)),
    hurried.look(atHand('endless.pdf', endless)),
  ])
  clearInterval(turning)
  assert.deepEqual([verdict, next], [tooCostly, tooCostly])
  // On the same thread there would be none.
  assert.ok(turns >= 3, `${turns} turns of this thread while the other looked`)
  assert.equal(await hurried.strip(atHand('endless.pdf', endless)), undefined)
})
