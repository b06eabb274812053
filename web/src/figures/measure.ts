const sans = '"Inter Variable", Inter, system-ui, sans-serif'
let canvas: CanvasRenderingContext2D | null | undefined

/** The width in pixels of a text as the figures write it: 12 px unless told. */
export function measure(text: string, font = '12px'): number {
  canvas ??= document.createElement('canvas').getContext('2d')
  if (!canvas) return text.length * 6.6
  canvas.font = `${font} ${sans}`
  return canvas.measureText(text).width + 1
}

/** The same for figures and names that are set heavier. */
export function measureStrong(text: string): number {
  return measure(text, '600 12px')
}
