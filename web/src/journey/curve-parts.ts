// What the experience curve is laid out from, and what of.
import type { Box } from '../figures/room.ts'

export interface CurveStage {
  id: number
  name: string
  side: 'before' | 'after'
}
export interface CurvePoint {
  id: number
  name: string
  stageId: number
  customers: number
  /** −1 to +1; null when there are too few answers. */
  value: number | null
  low: number | null
  high: number | null
  compared: number | null
}
export interface Dot {
  point: CurvePoint
  x: number
  y: number
  r: number
}
export interface Label extends Box {
  id: number
  text: string
  /** From the dot to a label that found room only further away. */
  leader: { x: number; from: number; to: number } | null
}
export interface Curve {
  width: number
  height: number
  top: number
  bottom: number
  middle: number
  stages: { stage: CurveStage; x: number; width: number; lines: string[] }[]
  /** Where the sale lies; null without stages on both sides. */
  saleX: number | null
  dots: Dot[]
  labels: Label[]
  /** Touchpoints without enough answers, in a strip of their own, with slanted names when they are many. */
  strip: { y: number; dots: Dot[]; slanted: boolean; texts: string[]; height: number } | null
  line: string
  band: string
  comparedLine: string
}
