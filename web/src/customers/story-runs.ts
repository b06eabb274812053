// What the story shows in one line: an interaction, or a run of quiet ones of the same kind ("Website, 4 times").
import type { TimelineItem } from './customer-data.ts'

export type StoryLine =
  | { kind: 'one'; key: string; item: TimelineItem }
  | { kind: 'sale'; key: string; item: TimelineItem; first: boolean }
  /** The newest first. */
  | { kind: 'run'; key: string; items: TimelineItem[] }

const shortestRun = 3

/** @param firstSaleAt tells the sale from those after it */
export function storyLines(items: TimelineItem[], firstSaleAt: string | null): StoryLine[] {
  const lines: StoryLine[] = []
  for (let start = 0; start < items.length; ) {
    const item = items[start]
    if (!item) break
    let end = start + 1
    if (isQuiet(item)) while (end < items.length && continues(item, items[end])) end++
    if (end - start >= shortestRun) {
      // The oldest is in the key: a page of newer ones makes the run longer, not another.
      const run = items.slice(start, end)
      lines.push({ kind: 'run', key: `run ${run.at(-1)?.id ?? item.id}`, items: run })
      start = end
      continue
    }
    lines.push(lineOf(item, firstSaleAt))
    start++
  }
  return lines
}

function lineOf(item: TimelineItem, firstSaleAt: string | null): StoryLine {
  if (!item.sale) return { kind: 'one', key: String(item.id), item }
  const first = firstSaleAt !== null && Math.abs(Date.parse(item.at) - Date.parse(firstSaleAt)) < 1_000
  return { kind: 'sale', key: String(item.id), item, first }
}

/** Nothing in it to read: no words, no rating, no promise, not by hand. */
function isQuiet(item: TimelineItem): boolean {
  return (
    item.words === null &&
    item.experience === null &&
    !item.judgement &&
    !item.hidden &&
    item.source !== 'member' &&
    !item.sale
  )
}

function continues(item: TimelineItem, next: TimelineItem | undefined): boolean {
  return (
    next !== undefined &&
    isQuiet(next) &&
    titleOf(next) === titleOf(item) &&
    next.person?.id === item.person?.id &&
    next.channel === item.channel
  )
}

export function titleOf(item: TimelineItem): string {
  return item.touchpoint?.name ?? item.name
}
