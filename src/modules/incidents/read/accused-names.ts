import { type RawBuilder, sql } from 'kysely'
import { languages } from '../../../text/index.ts'

/**
 * Names by what they are the same as: a relation of `name`, as it was typed, and its `key`. `names` is a query of one
 * column `name`.
 *
 * Case, space and width are no difference, and a country is one by its name in any language of the house. Its two
 * letters are not: IS is Iceland, and a group.
 */
export function keyedNames(names: RawBuilder<unknown>): RawBuilder<unknown> {
  return sql`select typed.name, coalesce(c.code, typed.folded) as key
    from (select name, ${folded('name')} as folded from (${names}) n) typed
    left join (select ${folded('name')} as folded, min(code) as code
      from jsonb_to_recordset(${countries()}::jsonb) as known(name text, code text)
      group by 1 having count(distinct code) = 1) c on c.folded = typed.folded`
}

/** Only letters that have a small form change: a key is never one of those of countries, which are large. */
const folded = (column: string): RawBuilder<string> =>
  sql`lower(regexp_replace(btrim(normalize(${sql.ref(column)}, nfkc)), '[[:space:]]+', ' ', 'g') collate "pg_c_utf8")`

const letters = Array.from({ length: 26 }, (_, at) => String.fromCharCode(65 + at))

let known: { languages: string; names: string } | undefined

function countries(): string {
  const asked = languages()
  if (known?.languages !== asked.join()) {
    const codes = letters.flatMap((first) => letters.map((second) => first + second))
    const named = asked.flatMap((language) => {
      const names = new Intl.DisplayNames([language], { type: 'region', fallback: 'none' })
      return codes.flatMap((code) => {
        const name = names.of(code)
        // Codes of former states lead to that of today, which bears the same name.
        return name === undefined ? [] : [{ name, code: new Intl.Locale('und', { region: code }).region }]
      })
    })
    known = { languages: asked.join(), names: JSON.stringify(named) }
  }
  return known.names
}
