import type { PlacedRow } from './rows-layout.ts'

/** The name of a row, over its lines; drawn after what may run below it. */
export function RowName({ row, className = '' }: { row: PlacedRow; className?: string }) {
  return (
    <>
      {row.lines.map((line) => (
        <text key={line.y} x={line.x} y={line.y} className={`fig-name ${className}`}>
          {line.text}
        </text>
      ))}
    </>
  )
}
