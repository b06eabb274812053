// A figure as a file: its words, its drawing and its legend in one SVG that needs nothing from the page any more.
// Everything is laid out anew in the light theme, whatever the page wears, and every style is written onto its
// element, since a file has no style sheet.
import { fontFaces } from './export-fonts.ts'
import { measure } from './measure.ts'
import { wrap } from './room.ts'

const space = 'http://www.w3.org/2000/svg'
const edge = 24

/** Styles that a drawing uses; each becomes an attribute of the same name. */
const styles = [
  'fill',
  'fill-opacity',
  'stroke',
  'stroke-width',
  'stroke-opacity',
  'stroke-dasharray',
  'stroke-linecap',
  'stroke-linejoin',
  'opacity',
  'paint-order',
  'font-family',
  'font-size',
  'font-weight',
  'font-style',
  'text-anchor',
]

export interface ExportedSvg {
  text: string
  width: number
  height: number
}

/** The figure with its words as a document of its own. Throws when there is no picture in it. */
export async function asSvg(figure: HTMLElement): Promise<ExportedSvg> {
  const shown = figure.querySelector<SVGSVGElement>('svg[data-figure=picture]')
  if (!shown) throw new Error('There is no picture to export here.')
  const place = document.createElement('div')
  place.className = 'fig-export'
  place.setAttribute('data-mantine-color-scheme', 'light')
  document.body.append(place)
  try {
    const { svg, width, height } = compose(figure, shown)
    place.append(svg)
    const drawn = [...svg.querySelectorAll('*')]
    drawn.forEach(write)
    drawn.forEach(strip)
    svg.remove()
    // only now: as a part of this page its content policy would refuse a style sheet
    svg.prepend(element('style', {}, await fontFaces(svg.textContent ?? '')))
    return { text: new XMLSerializer().serializeToString(svg), width, height }
  } finally {
    place.remove()
  }
}

/** The picture at twice its size, as screens and slides want it. */
export async function asPng(svg: ExportedSvg, times = 2): Promise<Blob> {
  const image = new Image()
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(svg.text)}`
  await image.decode()
  const canvas = document.createElement('canvas')
  canvas.width = Math.ceil(svg.width * times)
  canvas.height = Math.ceil(svg.height * times)
  const context = canvas.getContext('2d')
  if (!context) throw new Error('This browser can’t draw the picture.')
  context.drawImage(image, 0, 0, canvas.width, canvas.height)
  return new Promise((resolve, reject) =>
    canvas.toBlob(
      (blob) => (blob ? resolve(blob) : reject(new Error('The picture is too large.'))),
      'image/png',
    ),
  )
}

function compose(figure: HTMLElement, drawn: SVGSVGElement) {
  const { width: wide, height: high } = drawn.viewBox.baseVal
  const width = Math.max(wide, 480) + 2 * edge
  const inner = width - 2 * edge
  const svg = element('svg', {})
  let y = edge
  const put = (text: string, className: string, font: string, size: number, most = 6) => {
    for (const words of wrap(text, inner, (part) => measure(part, font) * 1.02, most)) {
      y += size * 1.35
      svg.append(element('text', { x: edge, y: Math.round(y), class: className }, words))
    }
  }
  const title = words(figure, 'title')
  const sentence = words(figure, 'sentence')
  const note = words(figure, 'note')
  put(title, 'fig-x-title', '600 15px', 15)
  y += 4
  // the serif runs a little narrower than what is measured
  if (sentence) put(sentence, 'fig-x-say', '17px', 16)
  y += 16

  const picture = drawn.cloneNode(true)
  if (!(picture instanceof SVGSVGElement)) throw new Error('There is no picture to export here.')
  for (const shown of picture.querySelectorAll('[data-screen-only]')) shown.remove()
  for (const moved of picture.querySelectorAll('[data-follows-scroll]')) moved.removeAttribute('transform')
  for (const [name, value] of Object.entries({ x: edge, y, width: wide, height: high }))
    picture.setAttribute(name, String(value))
  for (const name of ['role', 'aria-label', 'data-figure']) picture.removeAttribute(name)
  svg.append(picture)
  y += high + 14

  let x = edge
  for (const item of figure.querySelectorAll('[data-figure=legend]')) {
    const text = item.textContent ?? ''
    const room = 24 + measure(text) + 20
    if (x > edge && x + room > width - edge) {
      x = edge
      y += 20
    }
    const swatch = item.querySelector('svg')?.cloneNode(true)
    if (swatch instanceof SVGSVGElement) {
      swatch.setAttribute('x', String(x))
      swatch.setAttribute('y', String(y))
      svg.append(swatch)
    }
    svg.append(element('text', { x: x + 24, y: y + 10, class: 'fig-x-note' }, text))
    x += room
  }
  if (x > edge) y += 18
  const known = [words(figure, 'claim'), words(figure, 'n'), new Date().toISOString().slice(0, 10)]
  put(known.filter(Boolean).join(' · '), 'fig-x-note', '12px', 12)
  if (note) put(note, 'fig-x-note', '12px', 12)
  const height = Math.ceil(y + edge)

  svg.setAttribute('width', String(width))
  svg.setAttribute('height', String(height))
  svg.setAttribute('viewBox', `0 0 ${width} ${height}`)
  svg.prepend(
    element('title', {}, title),
    element('desc', {}, sentence),
    element('rect', { width, height, class: 'fig-x-ground' }),
  )
  return { svg, width, height }
}

/** Writes what the style sheet says onto the element. */
function write(drawn: Element): void {
  if (!(drawn instanceof SVGElement) || ['title', 'desc', 'style'].includes(drawn.tagName)) return
  const style = getComputedStyle(drawn)
  const text = drawn.tagName === 'text' || drawn.tagName === 'tspan'
  for (const name of styles) {
    const value = style.getPropertyValue(name)
    if ((name.startsWith('font') || name === 'text-anchor') && !text) continue
    if (value && value !== initial[name]) drawn.setAttribute(name, value)
  }
}

/** Only when all is written: what an element looks like depends on the classes around it. */
function strip(drawn: Element): void {
  for (const name of ['class', 'style', 'aria-hidden']) drawn.removeAttribute(name)
}

const initial: Record<string, string> = {
  'fill-opacity': '1',
  'stroke-opacity': '1',
  'stroke-dasharray': 'none',
  'stroke-linecap': 'butt',
  'stroke-linejoin': 'miter',
  opacity: '1',
  'paint-order': 'normal',
  stroke: 'none',
  'stroke-width': '1px',
  'font-style': 'normal',
  'text-anchor': 'start',
}

function words(figure: HTMLElement, part: string): string {
  return (figure.querySelector(`[data-figure=${part}]`)?.textContent ?? '').replaceAll(/\s+/g, ' ').trim()
}

function element(name: string, attributes: Record<string, string | number>, text?: string): SVGElement {
  const made = document.createElementNS(space, name)
  for (const [key, value] of Object.entries(attributes))
    if (key !== 'xmlns') made.setAttribute(key, String(value))
  if (text !== undefined) made.textContent = text
  return made
}
