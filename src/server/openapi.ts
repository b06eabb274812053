import type { OpenAPIHono } from '@hono/zod-openapi'
import type { AppEnv } from '../lib/http.ts'

interface OperationObject {
  'x-access'?: string
  operationId?: string
  tags?: string[]
  parameters?: object[]
  responses: Record<string, object>
}

const problem = (description: string) => ({
  description,
  content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
})

/** The API document: what the routes say, and what is the same for all of them. */
export function apiDocument(app: OpenAPIHono<AppEnv>) {
  const document = app.getOpenAPI31Document({
    openapi: '3.1.0',
    info: {
      title: 'Troth',
      version: '0.1.0',
      license: { name: 'MIT', url: 'https://opensource.org/license/mit' },
      description:
        'The customer’s whole experience, before the sale and after it. Sign in (session cookie), or send an API key as Bearer token or as the user of Basic authentication. Every error is a problem of RFC 9457. Unsafe calls take an Idempotency-Key. Lists go on with ?cursor= from `next`.',
    },
    servers: [{ url: '/' }],
  })
  document.components = {
    ...document.components,
    schemas: { ...document.components?.schemas, Problem: problemSchema },
    securitySchemes: {
      session: {
        type: 'apiKey',
        in: 'cookie',
        name: 'troth',
        description: 'Set by signing in; its name carries the installation’s id.',
      },
      key: { type: 'http', scheme: 'bearer', description: 'An API key, with the scope ingest or read.' },
    },
  }
  for (const [path, item] of Object.entries(document.paths ?? {}))
    for (const method of ['get', 'put', 'post', 'delete', 'patch'] as const) {
      const operation = (item as Record<string, OperationObject | undefined>)[method]
      if (operation) complete(operation, method, path)
    }
  return document
}

function complete(operation: OperationObject, method: string, path: string): void {
  operation.operationId ??= [method, ...path.split(/[^A-Za-z0-9]+/).filter((part) => part && part !== 'api')]
    .map((part, i) => (i === 0 ? part : part.charAt(0).toUpperCase() + part.slice(1)))
    .join('')
  operation.tags = [tagOf(path)]
  const shared: Record<string, object> = { '400': problem('The input is not valid') }
  if (operation['x-access'] !== 'public') {
    shared['401'] = problem('Not signed in, and no API key')
    shared['403'] = problem('Not allowed')
  }
  if (path.includes('{')) shared['404'] = problem('There is no such thing')
  shared['default'] = problem('Any other error')
  operation.responses = { ...shared, ...operation.responses }
  if (method !== 'get' && operation['x-access'] !== 'public' && !path.startsWith('/v1/'))
    operation.parameters = [
      ...(operation.parameters ?? []),
      {
        name: 'Idempotency-Key',
        in: 'header',
        required: false,
        schema: { type: 'string', maxLength: 200 },
        description: 'The same key with the same call is done once; the answer is kept for a day.',
      },
    ]
}

/** Calls under the noun that they are about. */
const nouns: Record<string, string> = {
  me: 'team',
  'first-run': 'team',
  session: 'team',
  sessions: 'team',
  invitations: 'team',
  workspace: 'team',
  members: 'team',
  keys: 'team',
  audit: 'team',
  'customer-lookup': 'customers',
  'customer-count': 'customers',
  'customers.csv': 'customers',
  segments: 'customers',
  'segment-previews': 'customers',
  merges: 'customers',
  conflicts: 'customers',
  'blocked-identities': 'customers',
  renewals: 'customers',
  erasures: 'customers',
  voices: 'customers',
  promises: 'expectations',
  'promise-runs': 'expectations',
  budgets: 'journey',
  'care-standards': 'journey',
}

function tagOf(path: string): string {
  if (path.startsWith('/v1/')) return 'events'
  const noun = path.startsWith('/api/') ? path.split('/')[2] : undefined
  return noun === undefined ? 'system' : (nouns[noun] ?? noun)
}

const problemSchema = {
  type: 'object' as const,
  required: ['type', 'title', 'status', 'detail'],
  properties: {
    type: { type: 'string' as const },
    title: { type: 'string' as const },
    status: { type: 'integer' as const },
    detail: { type: 'string' as const },
    instance: { type: 'string' as const },
    errors: {
      type: 'array' as const,
      items: {
        type: 'object' as const,
        required: ['field', 'reason'],
        properties: { field: { type: 'string' as const }, reason: { type: 'string' as const } },
      },
    },
  },
}
