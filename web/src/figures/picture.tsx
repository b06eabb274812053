import { type KeyboardEvent, type PointerEvent, type ReactNode, useEffect, useRef, useState } from 'react'
import { type Drawing, isArrow, type Mark, step, under } from './marks.ts'
import { Tooltip } from './tooltip.tsx'

/**
 * The drawing of a figure and what people do with it: point, walk with the arrow keys, open. One mark at a time is
 * in the order of the tab key.
 */
export function Picture(props: {
  label: string
  drawing: Drawing
  draw: (active: string | null) => ReactNode
  /** What keeps its place at the left while the rest is scrolled, and its width. */
  stuck?: { draw: (active: string | null) => ReactNode; width: number } | undefined
  onOpen?: ((mark: Mark) => void) | undefined
  /** What opening shows; stands in the tooltip. */
  opens?: string | undefined
  /** Keys that the figure itself knows; true when it took one. */
  onKey?: ((event: KeyboardEvent<SVGSVGElement>, mark: Mark) => boolean) | undefined
  onActive?: ((id: string | null) => void) | undefined
  /** How many times larger than drawn. */
  zoom?: number
  hidden?: boolean
}) {
  const { drawing, onOpen, onActive, zoom = 1 } = props
  const { width, height, marks } = drawing
  const frame = useRef<HTMLDivElement>(null)
  const svg = useRef<SVGSVGElement>(null)
  const scroller = useRef<HTMLDivElement>(null)
  const stuck = useRef<SVGGElement>(null)
  const [hovered, setHovered] = useState<string | null>(null)
  const [focused, setFocused] = useState<string | null>(null)
  const [last, setLast] = useState<string | null>(null)
  const leaving = useRef<ReturnType<typeof setTimeout>>(undefined)
  useEffect(() => () => clearTimeout(leaving.current), [])

  const active =
    marks.find((mark) => mark.id === hovered) ?? marks.find((mark) => mark.id === focused) ?? null
  const activeId = active?.id ?? null
  useEffect(() => onActive?.(activeId), [activeId, onActive])
  const inTabOrder = marks.find((mark) => mark.id === last) ?? marks[0]

  function at(event: { clientX: number; clientY: number }): Mark | null {
    const box = svg.current?.getBoundingClientRect()
    if (!box) return null
    return under(marks, (event.clientX - box.left) / zoom, (event.clientY - box.top) / zoom)
  }
  function stay() {
    clearTimeout(leaving.current)
  }
  function leave(event: PointerEvent) {
    // a finger is lifted after each tap, and hasn't gone elsewhere
    if (event.pointerType === 'touch') return
    stay()
    // long enough to move on to the sentence itself
    leaving.current = setTimeout(() => setHovered(null), 140)
  }
  function move(event: PointerEvent) {
    if (event.pointerType === 'touch') return
    const mark = at(event)
    if (mark) {
      stay()
      setHovered(mark.id)
    } else leave(event)
  }
  function open(mark: Mark) {
    if (!mark.closed) onOpen?.(mark)
  }
  function click(event: React.MouseEvent<SVGSVGElement>) {
    const named = event.target instanceof Element ? event.target.closest('[data-mark]') : null
    const mark = marks.find((each) => each.id === named?.getAttribute('data-mark')) ?? at(event)
    if (!mark) {
      setHovered(null)
      return
    }
    const touch =
      event.nativeEvent instanceof globalThis.PointerEvent && event.nativeEvent.pointerType === 'touch'
    // a first tap says what it is, a second one opens it
    const knew = hovered === mark.id
    setHovered(mark.id)
    setLast(mark.id)
    if (!touch || knew) open(mark)
  }
  function key(event: KeyboardEvent<SVGSVGElement>) {
    if (event.key === 'Escape') {
      setHovered(null)
      setFocused(null)
      return
    }
    const mark = marks.find((each) => each.id === last) ?? marks[0]
    if (!mark || event.ctrlKey || event.metaKey || event.altKey) return
    if (props.onKey?.(event, mark)) {
      event.preventDefault()
      return
    }
    if (event.key === 'Enter' || event.key === ' ') {
      event.preventDefault()
      open(mark)
    }
    if (!isArrow(event.key) || event.shiftKey) return
    event.preventDefault()
    const next = step(marks, mark, event.key, drawing.lanesDown)
    if (!next) return
    svg.current?.querySelector<SVGGElement>(`[data-mark="${CSS.escape(next.id)}"]`)?.focus()
    uncover(next)
  }
  /** Out from under what keeps its place. */
  function uncover(mark: Mark) {
    const scrolled = scroller.current
    const covered = (props.stuck?.width ?? 0) * zoom
    const left = (mark.box?.left ?? mark.x) * zoom - 6
    if (scrolled && left - scrolled.scrollLeft < covered) scrolled.scrollLeft = left - covered
  }
  function scroll() {
    setHovered(null)
    stuck.current?.setAttribute('transform', `translate(${(scroller.current?.scrollLeft ?? 0) / zoom} 0)`)
  }

  return (
    <div className="fig-frame" ref={frame} hidden={props.hidden}>
      <div className="fig-scroll" ref={scroller} onScroll={scroll}>
        {/* biome-ignore lint/a11y/useSemanticElements: a fieldset can't hold a drawing */}
        <svg
          ref={svg}
          data-figure="picture"
          width={width * zoom}
          height={height * zoom}
          viewBox={`0 0 ${width} ${height}`}
          className={`fig ${onOpen && hovered !== null && !active?.closed ? 'opens' : ''}`}
          role="group"
          aria-label={`${props.label}. ${marks.length > 1 ? 'The arrow keys go from one to the next.' : ''}`}
          onPointerMove={move}
          onPointerLeave={leave}
          onClick={click}
          onKeyDown={key}
        >
          {/* biome-ignore lint/a11y/noAriaHiddenOnFocusable: a group of a drawing can't have the focus */}
          <g aria-hidden="true">{props.draw(activeId)}</g>
          {props.stuck ? (
            // biome-ignore lint/a11y/noAriaHiddenOnFocusable: a group of a drawing can't have the focus
            <g aria-hidden="true" ref={stuck} data-follows-scroll="">
              {props.stuck.draw(activeId)}
            </g>
          ) : null}
          <g data-screen-only="">
            {marks.map((mark) => (
              // biome-ignore lint/a11y/noStaticElementInteractions: it has a role, which depends on whether it opens
              <g
                key={mark.id}
                data-mark={mark.id}
                role={onOpen && !mark.closed ? 'button' : 'img'}
                tabIndex={mark.id === inTabOrder?.id ? 0 : -1}
                aria-label={mark.say}
                className={`fig-spot ${mark.id === activeId ? 'active' : ''}`}
                onFocus={() => {
                  setHovered(null)
                  setFocused(mark.id)
                  setLast(mark.id)
                }}
                onBlur={() => setFocused(null)}
              >
                {mark.box ? (
                  <rect
                    x={mark.box.left - 2}
                    y={mark.box.top - 2}
                    width={mark.box.right - mark.box.left + 4}
                    height={mark.box.bottom - mark.box.top + 4}
                    rx={4}
                  />
                ) : (
                  <circle cx={mark.x} cy={mark.y} r={(mark.r ?? 6) + 5} />
                )}
              </g>
            ))}
          </g>
        </svg>
      </div>
      {active ? (
        <Tooltip
          frame={frame}
          svg={svg}
          mark={active}
          zoom={zoom}
          hint={onOpen && !active.closed ? props.opens : undefined}
          onEnter={stay}
          onLeave={leave}
        />
      ) : null}
    </div>
  )
}
