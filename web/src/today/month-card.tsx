import type { ReactNode } from 'react'
import { count, number } from '../lib/words.ts'
import { Card } from '../parts/page.tsx'
import { Claim, Share } from '../parts/words.tsx'
import type { Today } from './today-data.ts'

/** What the month has come to. What was never asked or promised has no line. */
export function MonthCard({ month }: { month: Today['month'] }) {
  const lines: { label: string; figure: ReactNode }[] = []
  if (month.buyers > 0)
    lines.push({
      label: 'Came back',
      figure: (
        <>
          <b>{number(month.cameBack.hits)}</b> <span className="n">of {count(month.buyers, 'buyer')}</span>
        </>
      ),
    })
  if (month.referrals > 0) lines.push({ label: 'Sent by others', figure: <b>{number(month.referrals)}</b> })
  if (month.choseRightly)
    lines.push({ label: '“I chose rightly”', figure: <Share {...month.choseRightly} /> })
  if (month.kept.n > 0)
    lines.push({ label: 'Promises kept', figure: <Share {...month.kept} of="promises" /> })
  if (lines.length === 0) return null
  return (
    <Card title={`${month.name} so far`} tools={<Claim kind="counted" />}>
      <table className="month">
        <caption className="hidden-visually">Figures of {month.name}</caption>
        <tbody>
          {lines.map(({ label, figure }) => (
            <tr key={label}>
              <th scope="row">{label}</th>
              <td className="num">{figure}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </Card>
  )
}
