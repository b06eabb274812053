import type { Store } from '../../store/store.ts'
import { Asking } from '../asking/asking.ts'
import { effects } from '../effects/effects.ts'
import { type Effects, effectsQuery } from '../effects/schema.ts'
import { ask } from '../question.ts'
import type { Finder, Finding } from './finding.ts'
import { backAfterKept, stillWaiting, toldBeforehand } from './finding-effects.ts'
import { broughtOthers, cannotTell, leftAlone } from './finding-people.ts'
import { promiseKept, sameWait } from './finding-promises.ts'

/** The questions in the order in which their answers are told. */
const finders: Finder[] = [
  promiseKept,
  sameWait,
  leftAlone,
  toldBeforehand,
  backAfterKept,
  stillWaiting,
  broughtOthers,
  cannotTell,
]

/**
 * The findings that matter most, worked out from what is in the database now. Few data, few findings.
 * `askEffects`: how the effects of a promise are asked for; counted here unless told.
 */
export async function readFindings(
  store: Store,
  askEffects: () => Promise<Effects> = () => countEffects(store),
): Promise<Finding[]> {
  const [last] = await ask<{ last: number | null }>(store, {
    text: 'select max(happened) as last from steps',
    values: [],
  })
  if (last?.last == null) return []
  // Old data ends when it ends: nobody had until today to come back in it.
  const asOf = Math.min(Date.now() * 1000, last.last + 1)
  const findings: Finding[] = []
  let asked: Promise<Effects> | undefined
  const effectsOnce = () => (asked ??= askEffects())
  for (const find of finders) {
    const finding = await find({ store, asOf, effects: effectsOnce })
    if (finding) findings.push(finding)
  }
  return findings
}

/** The question as its page asks it before anything is chosen, so that both find the same answer. */
export const usualEffects = effectsQuery.parse({})

async function countEffects(store: Store): Promise<Effects> {
  return (await effects.answering(new Asking(store), usualEffects)) as Effects
}

/** The findings as a page for the terminal, wrapped at `width`. */
export function printFindings(findings: readonly Finding[], width = 78): string {
  if (findings.length === 0)
    return 'Nothing can be said yet: there are too few customers, or too little has happened.\n'
  const indent = '    '
  return findings
    .map(
      (finding) =>
        `  · ${wrapped(`${finding.sentence} [${finding.claim}]`, width - 4).join(`\n${indent}`)}\n`,
    )
    .join('\n')
}

function wrapped(text: string, width: number): string[] {
  const lines: string[] = []
  let line = ''
  for (const word of text.split(' ')) {
    if (line !== '' && line.length + 1 + word.length > width) {
      lines.push(line)
      line = word
    } else line = line === '' ? word : `${line} ${word}`
  }
  return [...lines, line]
}
