// What a second thread does of touchpoint analysis, beside the first one, on numbers that both of them see.
import type { Column, Columns } from '../../store/projection-columns.ts'
import type { Buyers } from './buyers.ts'
import { type Controls, controlsOf } from './controls.ts'

export { differencesFromBlocks } from './differences.ts'
export { addBuyers } from './draws.ts'

export interface Controlling {
  buyers: Pick<Buyers, 'n' | 'place'>
  columns: Columns<Column>
}

export function controls({ buyers, columns }: Controlling): Controls {
  return controlsOf(buyers, columns)
}
