// A question of "learn", defined once: its page, its command, its route, its table for spreadsheets and
// the SQL behind each number all follow from one QuestionKind. kinds.ts lists them.
import type { z } from '@hono/zod-openapi'
import type { Store } from '../../store/store.ts'
import type { Asking } from './asking.ts'
import type { Sheet } from './sheet.ts'
import type { Statement } from './statement.ts'

export interface QuestionKind {
  /** Address and command: "touchpoints" → GET /api/insights/touchpoints, `troth touchpoints`. */
  name: string
  /** "What winning took" */
  title: string
  /** One sentence for --help and the API's reference. */
  summary: string
  /** What can be asked: query parameters, each with a description. */
  asked: z.ZodObject
  answer: z.ZodType
  /** True where the answer depends on who asks: it is then counted for each apart, and knows them. */
  personal?(asked: unknown): boolean
  /** Counts. Thin data are answered in words; it throws only for what was asked wrongly, or when it was cancelled. */
  answering(asking: Asking, asked: unknown): Promise<Answered>
  /** The answer as tables: the first is what `.csv` gives when none is named. */
  sheets(answer: unknown): Sheet[]
  /** What it was counted from, as files for other tools. */
  files?: QuestionFile[]
}

/** What a question was counted from, in a form that other tools open; asked for with the same words. */
export interface QuestionFile {
  /** Of its address and its name: "xes" → GET /api/insights/flows.xes. */
  ending: string
  /** Of its command: "xes" → `troth flows --xes FILE`. */
  option: string
  title: string
  /** One sentence for --help and the API's reference. */
  summary: string
  /** Its media type. */
  type: string
  /** The text piece by piece, however long: never all of it in memory. */
  write(store: Store, asked: unknown): AsyncGenerator<string>
}

/** What every answer has: its sentences, each with how it is known. */
export interface Answered {
  statements: Statement[]
}

export function defineQuestion<Asked extends z.ZodObject, Answer extends z.ZodType<Answered>>(kind: {
  name: string
  title: string
  summary: string
  asked: Asked
  answer: Answer
  personal?(asked: z.output<Asked>): boolean
  answering(asking: Asking, asked: z.output<Asked>): Promise<z.output<Answer>>
  sheets(answer: z.output<Answer>): Sheet[]
  files?: QuestionFile[]
}): QuestionKind {
  const { personal, ...rest } = kind
  return {
    ...rest,
    ...(personal ? { personal: (asked) => personal(asked as z.output<Asked>) } : {}),
    answering: (asking, asked) => kind.answering(asking, asked as z.output<Asked>),
    sheets: (answer) => kind.sheets(answer as z.output<Answer>),
  }
}
