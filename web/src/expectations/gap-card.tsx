import { SegmentedControl } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useMemo, useState } from 'react'
import { Histogram } from '../figures/histogram.tsx'
import type { HistogramBin } from '../figures/histogram-layout.ts'
import { count, money, number } from '../lib/words.ts'
import { Card, Failure, Waiting } from '../parts/page.tsx'
import { gapsQuery } from './expectation-data.ts'
import { gapWords } from './expectation-words.ts'
import type { scopeOf } from './search.ts'

type Gaps = Awaited<ReturnType<NonNullable<ReturnType<typeof gapsQuery>['queryFn']>>>
type Word = 'first' | 'last'

const title = 'How far off it was'

/** How far off what came was: one bar a day, the promise between what held and what did not. */
export function GapCard({ scope, rule }: { scope: ReturnType<typeof scopeOf>; rule: number }) {
  const [word, setWord] = useState<Word>('last')
  const gaps = useQuery(gapsQuery(scope, rule, word))
  if (!gaps.data)
    return (
      <Card title={title}>
        {gaps.isError ? (
          <Failure error={gaps.error} retry={() => void gaps.refetch()} />
        ) : (
          <Waiting height={220} />
        )}
      </Card>
    )
  return <Spread gaps={gaps.data} word={word} setWord={setWord} />
}

function Spread({ gaps, word, setWord }: { gaps: Gaps; word: Word; setWord: (word: Word) => void }) {
  const { n, awaited, median, low, high, dimension, bins } = gaps
  const say = (value: number | null) => gapWords(value, { ...gaps, precision: 'day' })
  const words = useMemo(() => wordsOf(gaps), [gaps])
  return (
    <Histogram
      title={title}
      sentence={
        n === 0
          ? undefined
          : `Half came ${say(median)} or better; 8 in 10 between ${say(low)} and ${say(high)}.`
      }
      claim="counted"
      n={n}
      note={awaited > 0 ? `${count(awaited, 'more is', 'more are')} overdue and have not come.` : undefined}
      tools={
        <SegmentedControl
          size="xs"
          aria-label="Measured against"
          value={word}
          onChange={(value) => setWord(value === 'first' ? 'first' : 'last')}
          data={[
            { value: 'last', label: 'last word' },
            { value: 'first', label: 'first word' },
          ]}
        />
      }
      bins={bins}
      ends={dimension === 'days' ? ['days early', 'days late'] : ['better', 'worse']}
      what="Promises"
      {...words}
    />
  )
}

function wordsOf({ dimension, currency, bins }: Gaps) {
  const size = (value: number) =>
    dimension === 'money' ? money(Math.abs(value), currency ?? 'EUR') : number(Math.abs(value), 1)
  const unit = dimension === 'days' ? ' days' : dimension === 'points' ? ' points' : ''
  const side = (late: boolean) =>
    dimension === 'days' ? (late ? 'late' : 'early') : late ? 'worse than said' : 'better than said'
  return {
    formatTick: (value: number) => `${value > 0 ? '+' : value < 0 ? '−' : ''}${size(value)}`,
    say: (bin: HistogramBin) => {
      const late = bin.to > 0
      if (bin === bins[0]) return `${size(bin.to)}${unit} ${side(late)} or more`
      if (bin === bins.at(-1)) return `More than ${size(bin.from)}${unit} ${side(late)}`
      if (dimension === 'days' && bin.to - bin.from === 1)
        return bin.to === 0 ? 'On the day' : `${count(Math.abs(bin.to), 'day')} ${side(late)}`
      const [near, far] = late ? [bin.from, bin.to] : [bin.to, bin.from]
      return `${size(near)} to ${size(far)}${unit} ${side(late)}`
    },
  }
}
