import { NativeSelect } from '@mantine/core'
import { type ReactNode, useMemo, useState } from 'react'
import type { Term, Theme, WordsAnswer } from '../../../../src/insights/words/schema.ts'
import { wordsSheets } from '../../../../src/insights/words/sheets.ts'
import type { BarRow } from '../../figures/bar-layout.ts'
import { BarList } from '../../figures/bar-list.tsx'
import { number, percent } from '../../lib/words.ts'
import { useSheetTable } from '../sheet-cards.tsx'
import { Said } from './said.tsx'

/** The words that separate good from bad, everywhere or at one moment, with what was said. */
export function Themes({ answer }: { answer: WordsAnswer }) {
  const [chosen, setChosen] = useState('')
  // a moment where nothing can be told would only be one more to look through
  const told = answer.themes.filter(
    (theme) => theme.touchpointId === null || theme.good.length + theme.bad.length > 0,
  )
  const keyOf = (theme: Theme) => String(theme.touchpointId ?? '')
  const theme = told.find((each) => keyOf(each) === chosen) ?? told[0]
  if (!theme) return null
  return (
    <Words
      theme={theme}
      answer={answer}
      tools={
        told.length > 1 ? (
          <NativeSelect
            size="xs"
            aria-label="Where it was said"
            value={keyOf(theme)}
            onChange={(event) => setChosen(event.currentTarget.value)}
            data={told.map((each) => ({ value: keyOf(each), label: each.name }))}
          />
        ) : null
      }
    />
  )
}

function Words(props: { theme: Theme; answer: WordsAnswer; tools: ReactNode }) {
  const { theme, answer, tools } = props
  const rows = useMemo(() => rowsOf(theme), [theme])
  const sides = useMemo(
    (): [string, string] => [
      `▼ of ${number(theme.badTexts)} bad texts`,
      `▲ of ${number(theme.goodTexts)} good texts`,
    ],
    [theme],
  )
  const [sheet] = wordsSheets({ ...answer, themes: [theme] })
  const table = useSheetTable(sheet ?? { name: 'terms', title: '', columns: [], rows: [] })
  return (
    <BarList
      title={theme.touchpointId === null ? 'Words that separate good from bad' : theme.name}
      sentence="How many in 100 texts say it, where it was bad and where it was good."
      claim="goes along with"
      n={theme.badTexts + theme.goodTexts}
      tools={tools}
      rows={rows}
      sides={sides}
      table={table}
      {...(rows.length === 0
        ? {
            cantTell: theme.cannotTell
              ? `This can’t be told, because ${theme.cannotTell}.`
              : 'No word is said more often on one side than chance allows.',
          }
        : {})}
      note="Texts are good or bad by the rating or the judgement that came with them."
      below={
        <div className="learn-pair said-pair">
          <Side title="Where it was bad" tone="bad" terms={theme.bad} />
          <Side title="Where it was good" tone="good" terms={theme.good} />
        </div>
      }
    />
  )
}

function rowsOf(theme: Theme): BarRow[] {
  const { badTexts, goodTexts } = theme
  return [...theme.bad, ...theme.good].map((term) => {
    const bad = badTexts > 0 ? term.bad / badTexts : 0
    const good = goodTexts > 0 ? term.good / goodTexts : 0
    return {
      id: term.term,
      name: `“${term.term}”`,
      opposite: { value: bad, text: inHundred(bad), tone: 'bad' },
      bar: { value: good, text: inHundred(good), tone: 'good' },
      say: `“${term.term}”: in ${number(term.bad)} of ${number(badTexts)} bad texts and in ${number(term.good)} of ${number(goodTexts)} good ones.`,
    }
  })
}

function inHundred(share: number): string {
  if (share > 0 && share < 0.0005) return `< ${percent(0.001, 1)}`
  return percent(share, share > 0 && share < 0.095 ? 1 : 0)
}

/** One text for each of the words that tell most. */
function Side({ title, tone, terms }: { title: string; tone: 'good' | 'bad'; terms: Term[] }) {
  const seen = new Set<number>()
  const said = terms.flatMap((term) => {
    const example = term.examples.find(({ interactionId }) => !seen.has(interactionId))
    if (!example) return []
    seen.add(example.interactionId)
    return [{ term: term.term, example }]
  })
  if (said.length === 0) return null
  return (
    <section className="said-side">
      <h3 className={tone}>
        <span aria-hidden="true">{tone === 'good' ? '▲' : '▼'}</span> {title}
      </h3>
      <ul>
        {said.slice(0, 5).map(({ term, example }) => (
          <li key={term}>
            <span className="n">{term}</span>
            <Said example={example} />
          </li>
        ))}
      </ul>
    </section>
  )
}
