import type { Visit } from '../../../core/module/types.ts'
import { newId } from '../../../protocol/index.ts'
import { Button, Details, Field, Form, Hidden, Quiet, RadioGroup, Table } from '../../../web/index.ts'
import { type Returned, returnedTo, Signature } from '../../frame/index.ts'
import { type Piece, wordsApart } from './compare-texts.ts'
import type { Account, ReadOuts } from './read-outs.ts'
import { findings } from './tables.ts'

interface Props {
  visit: Visit
  account: Account
  /** Their name. */
  party: string
  /** Of the account, among those of the page. */
  number: number
  readOuts: ReadOuts
  nameOf(person: string): string
  returned?: Returned | undefined
  action: string
}

type Row = Account['pairs'][number]

/** A row for each paragraph: ours, theirs, what a person minuted of it. */
export function Comparison(props: Props) {
  const { visit, account, party } = props
  const { t } = visit
  const caption = t('read-outs.compared', { party, number: props.number })
  return (
    <Table
      caption={caption}
      quietCaption
      cards
      head={[t('read-outs.row'), t('read-outs.ours'), party, t('read-outs.minuted')]}
      rows={account.pairs.map((pair, at) => {
        const apart = pair.ours !== undefined && pair.theirs !== undefined ? wordsApart(pair.ours, pair.theirs) : null
        return [
          at + 1,
          pair.ours === undefined ? (
            <Quiet>{t('read-outs.not-by-us')}</Quiet>
          ) : (
            <Paragraph pieces={apart?.one ?? [{ text: pair.ours, alone: false }]} />
          ),
          pair.theirs === undefined ? (
            <Quiet>{t('read-outs.not-by-them', { party })}</Quiet>
          ) : (
            <Paragraph pieces={apart?.other ?? [{ text: pair.theirs, alone: false }]} />
          ),
          <Minuted {...props} pair={pair} />,
        ]
      })}
    />
  )
}

/** Words that the other does not have are marked. */
function Paragraph({ pieces }: { pieces: readonly Piece[] }) {
  return (
    <p dir="auto">
      {pieces.map(({ text, alone }, at) => (alone && text.trim() !== '' ? <mark key={at}>{text}</mark> : text))}
    </p>
  )
}

const isSameWords = ({ ours, theirs }: Row) => ours !== undefined && ours === theirs

function Minuted({ visit, account, party, nameOf, returned, action, pair }: Props & { pair: Row }) {
  const { t, viewer } = visit
  const { found, key } = pair
  const mine = returned?.form === 'findings' && returned.values.pair === key ? returned : undefined
  const { value, error } = returnedTo(mine, 'findings')
  const offered = findings.filter((one) => one !== 'same' || (pair.ours !== undefined && pair.theirs !== undefined))
  return (
    <div>
      {isSameWords(pair) && <p>{t('read-outs.same-words')}</p>}
      {found ? (
        <>
          <p>
            <strong>{t(`read-outs.finding.${found.finding}`, { party })}</strong>{' '}
            <Signature visit={visit} by={nameOf(found.by_person)} at={found.at} />
          </p>
          {found.words !== '' && <p dir="auto">{found.words}</p>}
        </>
      ) : (
        !isSameWords(pair) && <Quiet small>{t('read-outs.not-minuted')}</Quiet>
      )}
      {viewer.may('talks.read-out-given:send') && !isSameWords(pair) && (
        <Details summary={t(found ? 'read-outs.minute-again' : 'read-outs.minute')} open={mine !== undefined}>
          <Form action={action} label={t('read-outs.minute')}>
            <Hidden name="id" value={newId()} />
            <Hidden name="party" value={account.party} />
            <Hidden name="pair" value={key} />
            <RadioGroup
              name="finding"
              label={t('read-outs.field.finding')}
              value={value('finding', found?.finding) || undefined}
              error={error('finding')}
              options={offered.map((one) => ({ value: one, label: t(`read-outs.finding.${one}`, { party }) }))}
            />
            <Field
              name="note"
              label={t('read-outs.field.note')}
              value={value('note', found?.words)}
              error={error('note')}
              required={false}
              maxlength={1_000}
            />
            <Button plain label={t('read-outs.minute-do')} />
          </Form>
        </Details>
      )}
    </div>
  )
}
