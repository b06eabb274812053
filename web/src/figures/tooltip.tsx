import { type PointerEvent, type RefObject, useLayoutEffect, useRef, useState } from 'react'
import type { Mark } from './marks.ts'

const gap = 8

/** The mark's sentence near the mark, inside the figure. The ear has it as the mark's name already. */
export function Tooltip(props: {
  frame: RefObject<HTMLDivElement | null>
  svg: RefObject<SVGSVGElement | null>
  mark: Mark
  zoom: number
  hint: string | undefined
  onEnter: () => void
  onLeave: (event: PointerEvent) => void
}) {
  const { frame, svg, mark, zoom } = props
  const tip = useRef<HTMLDivElement>(null)
  const [place, setPlace] = useState<{ left: number; top: number } | null>(null)
  useLayoutEffect(() => {
    const outer = frame.current?.getBoundingClientRect()
    const inner = svg.current?.getBoundingClientRect()
    const own = tip.current
    if (!outer || !inner || !own) return
    const box = mark.box ?? {
      left: mark.x,
      right: mark.x,
      top: mark.y - (mark.r ?? 6),
      bottom: mark.y + (mark.r ?? 6),
    }
    const across = Math.max(0, inner.left - outer.left + ((box.left + box.right) / 2) * zoom)
    const above = inner.top - outer.top + box.top * zoom - gap - own.offsetHeight
    const below = inner.top - outer.top + box.bottom * zoom + gap
    setPlace({
      left: Math.max(0, Math.min(outer.width - own.offsetWidth, across - own.offsetWidth / 2)),
      // above it, where a hand doesn't cover it, unless that were outside the window
      top: outer.top + above < 4 ? below : above,
    })
  }, [mark, zoom, frame, svg])
  return (
    <div
      ref={tip}
      className="fig-tip"
      aria-hidden="true"
      style={{ left: place?.left ?? 0, top: place?.top ?? 0, visibility: place ? 'visible' : 'hidden' }}
      onPointerEnter={props.onEnter}
      onPointerLeave={props.onLeave}
    >
      <span>{mark.say}</span>
      {props.hint ? <span className="n"> {props.hint}</span> : null}
    </div>
  )
}
