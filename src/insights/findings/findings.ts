import type { Store } from '../../store/store.ts'
import { ask } from '../question.ts'
import type { Finder, Finding } from './finding.ts'
import { broughtOthers, cannotTell, leftAlone } from './finding-people.ts'
import { backAfterKept, promiseKept, sameWait, stillWaiting, toldBeforehand } from './finding-promises.ts'

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

/** The findings that matter most, worked out from what is in the database now. Few data, few findings. */
export async function readFindings(store: Store, now = new Date()): Promise<Finding[]> {
  const [last] = await ask<{ last: number | null }>(store, {
    text: 'select max(happened) as last from steps',
    values: [],
  })
  if (last?.last == null) return []
  // Old data ends when it ends: nobody had until today to come back in it.
  const asOf = Math.min(now.getTime() * 1000, last.last + 1)
  const findings: Finding[] = []
  for (const find of finders) {
    const finding = await find({ store, asOf })
    if (finding) findings.push(finding)
  }
  return findings
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
