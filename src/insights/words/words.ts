import { loadMap } from '../../journey/journey.ts'
import { list } from '../../lib/phrases.ts'
import { defineQuestion } from '../asking/kind.ts'
import { cannotTell, counted, goesAlong, type Statement } from '../asking/statement.ts'
import { inHundred, whole } from '../findings/finding.ts'
import { shareOf } from '../map/level.ts'
import { readScope } from '../question.ts'
import { type Theme, type Topics, type WordsAnswer, wordsQuery, wordsSchema } from './schema.ts'
import { wordsSheets } from './sheets.ts'
import { readTexts } from './texts.ts'
import type { ToRead } from './themes.ts'

/** What customers say in their own words where it is good and where it is bad, and what it is about. */
export const words = defineQuestion({
  name: 'words',
  title: 'In their words',
  summary: 'The words and phrases that separate good from bad experiences, and the topics customers speak of',
  asked: wordsQuery,
  answer: wordsSchema,
  async answering(asking, asked) {
    const scope = await readScope(asking.store, asked)
    asking.progress(0, 'Gathering what was said')
    const { texts, all } = await readTexts(asking.store, scope, asked.touchpoint)
    const map = await loadMap(asking.store.db)
    const order = new Map(map.stages.map((stage, index) => [stage.id, index]))
    const touchpoints = map.touchpoints
      .toSorted(
        (a, b) => (order.get(a.stageId) ?? 0) - (order.get(b.stageId) ?? 0) || a.position - b.position,
      )
      .map(({ id, name }): [number, string] => [id, name])
    const read = await asking.think<{ themes: Theme[]; topics: Topics }>(
      new URL('./themes.ts', import.meta.url),
      'readThemes',
      { texts, touchpoints } satisfies ToRead,
    )
    const answer = { asked: scope.asked, texts: texts.length, leftOut: all - texts.length, ...read }
    return { ...answer, statements: wordsWords(answer) }
  },
  sheets: wordsSheets,
})

function wordsWords({ texts, leftOut, themes, topics }: Omit<WordsAnswer, 'statements'>): Statement[] {
  if (texts === 0) return [counted('Nothing was said in words in this time.', 0)]
  const [everywhere] = themes
  return [
    ...(everywhere ? [overall(everywhere)] : []),
    ...themes.slice(1).flatMap(oneSided),
    ...(leftOut > 0
      ? [counted(`${whole(leftOut)} older texts are left out; choose a shorter time to read them.`, leftOut)]
      : []),
    ...aboutTopics(topics),
  ]
}

function overall(theme: Theme): Statement {
  const n = theme.goodTexts + theme.badTexts
  if (theme.cannotTell)
    return cannotTell(`Which words go with good and bad can't be told, because ${theme.cannotTell}.`, n)
  if (theme.good.length + theme.bad.length === 0)
    return cannotTell(`No word is said more often where it was good than where it was bad, beyond chance.`, n)
  const named = (terms: Theme['good']) => list(terms.slice(0, 3).map(({ term }) => `“${term}”`))
  return goesAlong(
    `${[
      ...(theme.bad.length > 0 ? [`Where it was bad, customers say ${named(theme.bad)}`] : []),
      ...(theme.good.length > 0
        ? [`${theme.bad.length > 0 ? 'where' : 'Where'} it was good, ${named(theme.good)}`]
        : []),
    ].join('; ')}.`,
    n,
  )
}

/** A touchpoint where one word says what is wrong. */
function oneSided(theme: Theme): Statement[] {
  const [worst] = theme.bad
  if (!worst) return []
  return [
    goesAlong(
      `At “${theme.name}”, “${worst.term}” is said in ${whole(worst.bad)} of ${whole(theme.badTexts)} bad texts and in ${whole(worst.good)} of ${whole(theme.goodTexts)} good ones.`,
      theme.goodTexts + theme.badTexts,
    ),
  ]
}

function aboutTopics(topics: Topics): Statement[] {
  if (!topics.measured)
    return [
      cannotTell(
        `What they speak of can't be sorted yet, because ${topics.cannotTell ?? 'nothing is labelled'}; ${topics.labelled === 0 ? 'no text is' : `${whole(topics.labelled)} are`} labelled so far.`,
        topics.labelled,
      ),
    ]
  const right = shareOf(topics.measured.right)
  const answers = shareOf(topics.measured.answers)
  if (!right || !answers) return []
  return [
    counted(
      `Topics are told for ${inHundred(answers)} texts and are right ${inHundred(right, ' times')} there, measured on texts kept away from learning; of the rest it says that it is unsure.`,
      topics.labelled,
    ),
  ]
}
