import { resolve } from 'node:path'
import { z } from 'zod'
import { Invalid } from './lib/errors.ts'

/** Everything Troth takes from its surroundings. This file is the only reader of the environment. */
export interface Config {
  dataFolder: string
  /** A given PostgreSQL; without it the bundled one is started in the data folder. */
  databaseUrl: string | undefined
  host: string
  port: number
  /** True when the port was asked for; a default port that is in use may be replaced by a free one. */
  portAsked: boolean
  /** The address people reach this server at, for links and cookies. Default: http://host:port */
  publicUrl: string | undefined
  openBrowser: boolean
  logLevel: 'silent' | 'error' | 'warn' | 'info' | 'debug'
  /** Number of proxies in front whose X-Forwarded-For is believed. */
  trustedProxies: number
  /** Memory limit of the counting engine in MB. */
  duckdbMemoryMb: number
  /** API key with which the command line reaches a system elsewhere. */
  key: string | undefined
}

const environment = z.object({
  TROTH_DATA: z.string().min(1).optional(),
  DATABASE_URL: z
    .string()
    .regex(/^postgres(ql)?:\/\//, 'must look like postgresql://user:password@host:5432/name')
    .optional(),
  TROTH_HOST: z.string().min(1).default('127.0.0.1'),
  TROTH_PORT: z.coerce.number().int().min(0).max(65535).optional(),
  TROTH_PUBLIC_URL: z.url({ protocol: /^https?$/ }).optional(),
  TROTH_BROWSER: z.enum(['0', '1', 'true', 'false']).default('1'),
  TROTH_LOG: z.enum(['silent', 'error', 'warn', 'info', 'debug']).default('warn'),
  TROTH_TRUSTED_PROXIES: z.coerce.number().int().min(0).max(10).default(0),
  TROTH_DUCKDB_MEMORY_MB: z.coerce.number().int().min(128).default(2048),
  TROTH_KEY: z.string().min(1).optional(),
})

/** What the command line overrides. */
export interface Overrides {
  data?: string | undefined
  /** Used when neither the command line nor the environment names a folder. */
  defaultData?: string | undefined
  port?: number | undefined
  browser?: boolean | undefined
}

/** Reads the environment, then the command line's overrides. @throws Invalid naming every bad value. */
export function readConfig(
  overrides: Overrides = {},
  env: Record<string, string | undefined> = process.env,
): Config {
  const known = Object.fromEntries(
    Object.keys(environment.shape).map((name) => [name, env[name] === '' ? undefined : env[name]]),
  )
  const read = environment.safeParse(known)
  if (!read.success)
    throw new Invalid(
      `Troth can't start with these settings:\n${read.error.issues.map((issue) => `  ${issue.path.join('.')}: ${issue.message}`).join('\n')}`,
      read.error.issues.map((issue) => ({ field: issue.path.join('.'), reason: issue.message })),
    )
  const value = read.data
  const port = overrides.port ?? value.TROTH_PORT
  return {
    dataFolder: resolve(overrides.data ?? value.TROTH_DATA ?? overrides.defaultData ?? 'data'),
    databaseUrl: value.DATABASE_URL,
    host: value.TROTH_HOST,
    port: port ?? 4321,
    portAsked: port !== undefined,
    publicUrl: value.TROTH_PUBLIC_URL?.replace(/\/$/, ''),
    openBrowser: overrides.browser ?? ['1', 'true'].includes(value.TROTH_BROWSER),
    logLevel: value.TROTH_LOG,
    trustedProxies: value.TROTH_TRUSTED_PROXIES,
    duckdbMemoryMb: value.TROTH_DUCKDB_MEMORY_MB,
    key: value.TROTH_KEY,
  }
}
