// The routes as a table: which methods and bodies an address takes, and what it is called in figures and
// the log (its pattern, never the address itself, which may hold a token or somebody's name).
import type { OpenAPIHono } from '@hono/zod-openapi'
import type { AppEnv } from '../lib/http.ts'

export interface Operation {
  method: string
  /** "/api/members/{id}" */
  path: string
  access: string
  /** Content types of the body; none when it takes no body. */
  bodies: string[]
  showsSecret: boolean
}

export class Operations {
  readonly all: Operation[]
  private readonly patterns: { pattern: RegExp; operation: Operation }[]

  constructor(app: OpenAPIHono<AppEnv>) {
    this.all = app.openAPIRegistry.definitions.flatMap((definition) => {
      if (definition.type !== 'route') return []
      const { method, path, request } = definition.route
      const extras = definition.route as { 'x-access'?: string; 'x-shows-secret'?: boolean }
      return [
        {
          method: method.toUpperCase(),
          path,
          access: extras['x-access'] ?? '',
          bodies: Object.keys(request?.body?.content ?? {}),
          showsSecret: extras['x-shows-secret'] === true,
        },
      ]
    })
    this.patterns = this.all
      .map((operation) => ({ pattern: patternOf(operation.path), operation }))
      // Fixed addresses before those with a parameter, as the router prefers them.
      .sort((a, b) => Number(a.operation.path.includes('{')) - Number(b.operation.path.includes('{')))
  }

  /** All that can be done at an address. */
  at(path: string): Operation[] {
    return this.patterns.filter(({ pattern }) => pattern.test(path)).map(({ operation }) => operation)
  }

  find(method: string, path: string): Operation | undefined {
    const wanted = method === 'HEAD' ? 'GET' : method
    return this.patterns.find(({ pattern, operation }) => operation.method === wanted && pattern.test(path))
      ?.operation
  }
}

function patternOf(path: string): RegExp {
  const source = path
    .split(/(\{[^}]+\})/)
    .map((part) => {
      if (!part.startsWith('{')) return part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
      const custom = /^\{[^:]+:(.+)\}$/.exec(part)?.[1]
      return custom ? `(?:${custom})` : '[^/]+'
    })
    .join('')
  return new RegExp(`^${source}$`)
}
