// The built web app, served from memory: hashed assets for ever, the page itself anew each time with a
// nonce of its own, so that only styles that this page asked for are applied.
import { randomBytes } from 'node:crypto'
import { readFile, stat } from 'node:fs/promises'
import { extname, join, normalize } from 'node:path'
import { promisify } from 'node:util'
import { gzip } from 'node:zlib'

const types: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.woff2': 'font/woff2',
  '.json': 'application/json',
  '.txt': 'text/plain; charset=utf-8',
  '.webmanifest': 'application/manifest+json',
}
const compressible = new Set(['.html', '.js', '.css', '.svg', '.json', '.txt', '.webmanifest'])
const compress = promisify(gzip)

interface Asset {
  changed: number
  body: Buffer<ArrayBuffer>
  gzipped: Buffer<ArrayBuffer> | undefined
  type: string
}

export class Statics {
  private readonly folder: string
  private readonly cache = new Map<string, Asset>()

  constructor(folder: string) {
    this.folder = folder
  }

  /** The file at a URL path, or undefined when the web app has none there. */
  async file(path: string, acceptsGzip: boolean): Promise<Response | undefined> {
    const asset = await this.load(path)
    if (!asset) return undefined
    const hashed = path.startsWith('/assets/')
    return respond(asset, acceptsGzip, hashed ? 'public, max-age=31536000, immutable' : 'no-cache')
  }

  /** The page that every address of the web app begins with. */
  async page(): Promise<Response> {
    const index = await this.load('/index.html')
    const nonce = randomBytes(16).toString('base64')
    const html = index
      ? index.body.toString('utf8').replaceAll('__NONCE__', nonce)
      : '<!doctype html><title>Troth</title><p>The web app is not built yet. Run <code>npm run build</code>.</p>'
    return new Response(html, {
      status: index ? 200 : 503,
      headers: {
        'content-type': types['.html'] ?? '',
        'cache-control': 'no-cache',
        'content-security-policy': pagePolicy(nonce),
      },
    })
  }

  private async load(path: string): Promise<Asset | undefined> {
    const type = types[extname(path)]
    if (!type || path.includes('\0')) return undefined
    const file = normalize(join(this.folder, path))
    if (!file.startsWith(this.folder)) return undefined
    const info = await stat(file).catch(() => undefined)
    if (!info?.isFile()) return undefined
    const known = this.cache.get(file)
    if (known && known.changed === info.mtimeMs) return known
    const body = await readFile(file)
    const gzipped = compressible.has(extname(file)) ? await compress(body, { level: 9 }) : undefined
    const asset = { changed: info.mtimeMs, body, gzipped, type }
    this.cache.set(file, asset)
    return asset
  }
}

function respond(asset: Asset, acceptsGzip: boolean, cacheControl: string): Response {
  const headers: Record<string, string> = {
    'content-type': asset.type,
    'cache-control': cacheControl,
    vary: 'accept-encoding',
  }
  if (acceptsGzip && asset.gzipped)
    return new Response(asset.gzipped, { headers: { ...headers, 'content-encoding': 'gzip' } })
  return new Response(asset.body, { headers })
}

function pagePolicy(nonce: string): string {
  return [
    "default-src 'none'",
    "script-src 'self'",
    `style-src 'self' 'nonce-${nonce}'`,
    "img-src 'self' data: blob:",
    "font-src 'self'",
    "connect-src 'self'",
    "manifest-src 'self'",
    "form-action 'self'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
  ].join('; ')
}
