// Reads the parts of an OpenAPI document that the reference page shows.

export interface Schema {
  $ref?: string
  type?: string | string[]
  format?: string
  enum?: unknown[]
  const?: unknown
  properties?: Record<string, Schema>
  required?: string[]
  items?: Schema
  anyOf?: Schema[]
  oneOf?: Schema[]
  allOf?: Schema[]
  additionalProperties?: Schema | boolean
  description?: string
}

interface Media {
  content?: Record<string, { schema?: Schema }>
  description?: string
}

interface RawOperation {
  summary?: string
  description?: string
  tags?: string[]
  'x-access'?: string
  parameters?: Operation['parameters']
  requestBody?: Media
  responses: Record<string, Media>
}

export interface ApiDocument {
  paths: Record<string, Record<string, RawOperation>>
  components?: { schemas?: Record<string, Schema> }
}

export interface Operation {
  method: string
  path: string
  tag: string
  summary: string
  description: string | undefined
  access: string
  parameters: { name: string; in: string; required?: boolean; description?: string }[]
  body: Schema | undefined
  answers: { status: string; description: string; schema: Schema | undefined }[]
}

export function operationsOf(document: ApiDocument): Operation[] {
  return Object.entries(document.paths).flatMap(([path, item]) =>
    Object.entries(item).map(([method, raw]) => ({
      method: method.toUpperCase(),
      path,
      tag: raw.tags?.[0] ?? 'other',
      summary: raw.summary ?? '',
      description: raw.description,
      access: raw['x-access'] ?? 'public',
      parameters: raw.parameters ?? [],
      body: schemaIn(raw.requestBody),
      answers: Object.entries(raw.responses)
        .filter(([status]) => /^[23]/.test(status))
        .map(([status, media]) => ({
          status,
          description: media.description ?? '',
          schema: schemaIn(media),
        })),
    })),
  )
}

function schemaIn(media: Media | undefined): Schema | undefined {
  return Object.values(media?.content ?? {})[0]?.schema
}

/** A schema as the JSON it stands for: names, types, and a ? behind what may be missing. */
export function shapeOf(schema: Schema, document: ApiDocument, depth = 0, seen: string[] = []): string {
  const pad = '  '.repeat(depth + 1)
  if (schema.$ref) {
    const name = schema.$ref.split('/').at(-1) ?? ''
    const target = document.components?.schemas?.[name]
    if (!target || seen.includes(name)) return name
    return shapeOf(target, document, depth, [...seen, name])
  }
  const again = (inner: Schema, deeper = 0) => shapeOf(inner, document, depth + deeper, seen)
  const choices = schema.anyOf ?? schema.oneOf
  if (choices) return [...new Set(choices.map((each) => again(each)))].join(' | ')
  if (schema.allOf) return schema.allOf.map((each) => again(each)).join(' & ')
  if (schema.const !== undefined) return JSON.stringify(schema.const)
  if (schema.enum) return schema.enum.map((value) => JSON.stringify(value)).join(' | ')
  if (schema.properties) {
    const lines = Object.entries(schema.properties).map(
      ([name, inner]) => `${pad}${name}${schema.required?.includes(name) ? '' : '?'}: ${again(inner, 1)}`,
    )
    return `{\n${lines.join('\n')}\n${'  '.repeat(depth)}}`
  }
  if (schema.items) return `[${again(schema.items)}]`
  if (typeof schema.additionalProperties === 'object')
    return `{ name: ${again(schema.additionalProperties)} }`
  const types = Array.isArray(schema.type) ? schema.type.join(' | ') : (schema.type ?? 'anything')
  return schema.format ? `${types} (${schema.format})` : types
}
