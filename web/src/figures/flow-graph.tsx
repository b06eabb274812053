import { ActionIcon, Button } from '@mantine/core'
import { IconArrowsMaximize, IconMinus, IconPlus } from '@tabler/icons-react'
import { type KeyboardEvent, useCallback, useRef, useState } from 'react'
import { number, percent } from '../lib/words.ts'
import { figures } from './columns.ts'
import { Figure, type FigureWords } from './figure.tsx'
import type { FlowArcs } from './flow-arcs.ts'
import { type FlowLink, type FlowPlace, type FlowStage, isOthers } from './flow-gather.ts'
import type { FlowLayers } from './flow-layers.ts'
import { type FlowDrawing, layoutFlow } from './flow-layout.ts'
import { measure } from './measure.ts'

/** So many touchpoints have a name of their own until all are asked for. */
const readable = 26

/**
 * What follows on what. A touchpoint that is pointed at or chosen shows what comes after it and before it; what
 * `onChoose` is told can be listed beside it.
 */
export function FlowGraph(
  props: FigureWords & {
    /** In the order of the map. */
    stages: FlowStage[]
    /** In the order of the map. */
    places: FlowPlace[]
    links: FlowLink[]
    chosen?: string | null
    onChoose?: (place: FlowPlace) => void
    say?: (place: FlowPlace, next: FlowLink[], before: FlowLink[]) => string
  },
) {
  const { stages, places, links, chosen = null, onChoose, say } = props
  const silent = onChoose === undefined
  const [all, setAll] = useState(false)
  const [zoom, setZoom] = useState(1)
  const last = useRef<FlowDrawing>(null)
  const layout = useCallback(
    (width: number) => {
      last.current = layoutFlow(
        { stages, places, links, ...(all ? {} : { most: readable }) },
        width,
        measure,
        say,
        silent,
      )
      return last.current
    },
    [stages, places, links, all, say, silent],
  )
  const met = new Set(links.flatMap((link) => [link.from, link.to])).size
  const names = new Map(places.map((place) => [place.id, place.name]))
  const name = (id: string) => names.get(id) ?? ''

  const larger = () => setZoom((now) => Math.min(3, now * 1.25))
  const smaller = () => setZoom((now) => Math.max(0.4, now / 1.25))
  const fit = () => setZoom(last.current ? Math.min(1, last.current.room / last.current.width) : 1)
  function key(event: KeyboardEvent<SVGSVGElement>): boolean {
    if (event.key === '+' || event.key === '=') larger()
    else if (event.key === '-') smaller()
    else if (event.key === '0') fit()
    else if (event.shiftKey && event.key.startsWith('Arrow')) pan(event)
    else return false
    return true
  }

  return (
    <Figure
      words={props}
      zoom={zoom}
      onKey={key}
      controls={
        <div className="fig-controls">
          <ActionIcon variant="default" aria-label="Larger" title="Larger (+)" onClick={larger}>
            <IconPlus size={16} stroke={1.6} />
          </ActionIcon>
          <ActionIcon variant="default" aria-label="Smaller" title="Smaller (−)" onClick={smaller}>
            <IconMinus size={16} stroke={1.6} />
          </ActionIcon>
          <ActionIcon variant="default" aria-label="All of it" title="All of it (0)" onClick={fit}>
            <IconArrowsMaximize size={16} stroke={1.6} />
          </ActionIcon>
          {met > readable ? (
            <Button size="xs" variant="default" aria-pressed={all} onClick={() => setAll(!all)}>
              {all ? `Only the ${number(readable)} most met` : `All ${number(met)} touchpoints`}
            </Button>
          ) : null}
        </div>
      }
      legend={[
        { swatch: 'line', tone: 'before', text: 'from before the sale' },
        { swatch: 'line', tone: 'after', text: 'from after the sale' },
        { swatch: 'dashed', tone: 'faint', text: 'back to an earlier stage' },
        { swatch: 'bar', tone: 'faint', text: 'the thicker, the more often' },
      ]}
      empty={
        props.empty ??
        'Nothing follows on anything yet: it takes customers who were met at two touchpoints in this time.'
      }
      layout={layout}
      draw={(drawing, active) =>
        drawing.layers ? (
          <Layers layers={drawing.layers} focus={active ?? chosen} firm={active !== null} />
        ) : (
          <Arcs arcs={drawing.arcs} focus={active ?? chosen} firm={active !== null} stages={stages} />
        )
      }
      opens="Click to see what comes next."
      onOpen={(mark) => {
        const place = places.find((each) => each.id === mark.id)
        if (isOthers(mark.id)) setAll(true)
        else if (place) onChoose?.(place)
      }}
      table={{
        rows: links,
        rowKey: (link) => JSON.stringify([link.from, link.to]),
        columns: [
          { key: 'from', header: 'After', value: (link) => name(link.from) },
          { key: 'to', header: 'comes', value: (link) => name(link.to) },
          figures<FlowLink>('n', 'Times', (link) => link.n),
          figures<FlowLink>(
            'share',
            'Of all that follow',
            (link) => link.share,
            (value) => percent(value, 1),
          ),
          { key: 'wait', header: 'About how long after', align: 'end', value: (link) => link.wait ?? '' },
        ],
      }}
    />
  )
}

function pan(event: KeyboardEvent<SVGSVGElement>): void {
  const by = event.key === 'ArrowLeft' || event.key === 'ArrowUp' ? -120 : 120
  if (event.key === 'ArrowLeft' || event.key === 'ArrowRight')
    event.currentTarget.parentElement?.scrollBy({ left: by })
  else window.scrollBy({ top: by })
}

/** How a line is drawn; while one touchpoint is pointed at (`firm`) the others step back further than for a chosen one. */
function strengthOf(link: FlowLink, focus: string | null, most: number, firm: boolean): number {
  const alone = 0.16 + 0.5 * Math.sqrt(link.n / most)
  if (focus === null) return alone
  return link.from === focus ? 0.95 : link.to === focus ? 0.55 : firm ? 0.07 : alone * 0.45
}
function nearTo(links: FlowLink[], focus: string | null): Set<string> | null {
  if (focus === null || !links.some((link) => link.from === focus || link.to === focus)) return null
  return new Set([
    focus,
    ...links.flatMap((link) => (link.from === focus ? [link.to] : link.to === focus ? [link.from] : [])),
  ])
}

function Layers({ layers, focus, firm }: { layers: FlowLayers; focus: string | null; firm: boolean }) {
  const { saleX, top, height, width } = layers
  const links = layers.lines.map((line) => line.link)
  const near = nearTo(links, focus)
  const chosen = near ? focus : null
  const most = Math.max(1, ...links.map((link) => link.n))
  const side = new Map(
    layers.nodes.map((node) => [node.place.id, layers.columns[node.column]?.side ?? 'before']),
  )
  const split = saleX ?? (layers.columns[0]?.side === 'after' ? 0 : width)
  return (
    <>
      <rect x={0} y={0} width={split} height={height} className="flow-before" />
      <rect x={split} y={0} width={width - split} height={height} className="flow-after" />
      {saleX === null ? null : <line x1={saleX} x2={saleX} y1={0} y2={height} className="flow-sale" />}
      {layers.columns.map((column) => (
        <g key={column.x} className={`tone-${column.side}`}>
          {column.lines.map((text, index) => (
            <text
              key={text}
              x={column.x + column.width / 2}
              y={(column.lines.length > 1 ? 17 : 24) + index * 15}
              className="fig-toned fig-strong middle"
            >
              {text}
            </text>
          ))}
        </g>
      ))}
      <line x1={0} x2={width} y1={top - 4} y2={top - 4} className="fig-grid" />
      {[...layers.lines]
        .sort((a, b) => strengthOf(a.link, chosen, most, firm) - strengthOf(b.link, chosen, most, firm))
        .map(({ link, path, thick, way, head }) => (
          <g
            key={JSON.stringify([link.from, link.to])}
            className={`tone-${side.get(link.from) ?? 'before'}`}
            opacity={strengthOf(link, chosen, most, firm)}
          >
            <path
              d={path}
              strokeWidth={thick}
              className={`flow-line ${way === 'back' ? 'flow-back' : ''}`}
              strokeDasharray={way === 'back' ? `${3 + thick} ${3 + thick / 2}` : undefined}
            />
            <path d={head} className="fig-fill" />
          </g>
        ))}
      {layers.nodes.map(({ place, texts, box }) => (
        <g key={place.id} opacity={firm && near && !near.has(place.id) ? 0.35 : 1}>
          <rect
            x={box.left}
            y={box.top}
            width={box.right - box.left}
            height={box.bottom - box.top}
            rx={7}
            className={`flow-node ${place.id === chosen ? 'chosen' : ''}`}
          />
          {texts.map((text, index) => (
            <text
              // biome-ignore lint/suspicious/noArrayIndexKey: the lines of one name
              key={index}
              x={(box.left + box.right) / 2}
              y={(box.top + box.bottom) / 2 + 4 + (index - (texts.length - 1) / 2) * 14}
              className={`middle ${place.id === chosen ? 'fig-strong' : ''} ${isOthers(place.id) ? 'fig-tick' : ''}`}
            >
              {text}
            </text>
          ))}
        </g>
      ))}
      {chosen === null
        ? null
        : layers.lines
            .filter(({ link }) => link.from === chosen && link.share !== null)
            .map(({ link, end }) => (
              <text key={link.to} x={end.x} y={end.y} className={`fig-name fig-strong ${end.anchor}`}>
                {percent(link.share ?? 0)}
              </text>
            ))}
    </>
  )
}

function Arcs(props: { arcs: FlowArcs; focus: string | null; firm: boolean; stages: FlowStage[] }) {
  const { arcs, focus, firm } = props
  const links = arcs.arcs.map((arc) => arc.link)
  const near = nearTo(links, focus)
  const chosen = near ? focus : null
  const most = Math.max(1, ...links.map((link) => link.n))
  const sides = new Map(props.stages.map((stage) => [stage.id, stage.side]))
  const side = new Map(arcs.rows.map((row) => [row.place.id, sides.get(row.place.stageId) ?? 'before']))
  return (
    <>
      {[...arcs.arcs]
        .sort((a, b) => strengthOf(a.link, chosen, most, firm) - strengthOf(b.link, chosen, most, firm))
        .map(({ link, path, thick, way }) => (
          <g
            key={JSON.stringify([link.from, link.to])}
            className={`tone-${side.get(link.from) ?? 'before'}`}
            opacity={strengthOf(link, chosen, most, firm)}
          >
            <path
              d={path}
              strokeWidth={thick}
              className="flow-line"
              strokeDasharray={way === 'back' ? `${3 + thick} ${3 + thick / 2}` : undefined}
            />
          </g>
        ))}
      {arcs.rows.map(({ place, text, box }) => (
        <g key={place.id} opacity={firm && near && !near.has(place.id) ? 0.45 : 1}>
          <rect
            x={box.left}
            y={box.top}
            width={box.right - box.left}
            height={box.bottom - box.top}
            rx={6}
            className={`flow-node ${place.id === chosen ? 'chosen' : 'plain'}`}
          />
          <text
            x={(box.left + box.right) / 2}
            y={(box.top + box.bottom) / 2 + 4}
            className={`middle ${place.id === chosen ? 'fig-strong' : ''}`}
          >
            {text}
          </text>
        </g>
      ))}
    </>
  )
}
