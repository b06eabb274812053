import { lively } from './print.ts'

const width = 28

/** A bar that moves on a terminal; elsewhere one line a step, so that logs stay readable. */
export function progressBar() {
  let step = ''
  let open = false
  return {
    /** `done` undefined: it is not known how much is left. */
    show(label: string, done: number | undefined, total: number): void {
      if (!lively) {
        if (label !== step) console.log(`  ${label} …`)
        step = label
        return
      }
      if (open && label !== step) process.stdout.write('\n')
      step = label
      open = true
      const share = done === undefined || total <= 0 ? undefined : Math.min(1, done / total)
      const filled = Math.round((share ?? 0) * width)
      const bar = share === undefined ? '·'.repeat(width) : '█'.repeat(filled) + '░'.repeat(width - filled)
      const numbers =
        share === undefined
          ? ''
          : ` ${Math.min(done ?? 0, total).toLocaleString('en')} of about ${total.toLocaleString('en')}`
      process.stdout.write(`\r\u001b[K  ${label.padEnd(28)} ${bar}${numbers}`)
    },
    end(): void {
      if (open) process.stdout.write('\n')
      open = false
    },
  }
}
