// Files brought in as the wizard does it: uploaded, and looked at.
import assert from 'node:assert/strict'
import { registerExpectations } from '#src/expectations/expectations.ts'
import { registerImports } from '#src/imports/imports.ts'
import type { Store } from '#src/store/store.ts'
import type { TestTroth } from './troth.ts'

export function register(store: Store): void {
  registerImports(store)
  registerExpectations(store)
}

export async function bring(troth: TestTroth, name: string, content: string | Buffer) {
  const manager = troth.as('manager')
  const { id } = await json(manager('/api/imports/uploads', { method: 'POST' }), 201)
  await json(
    manager(`/api/imports/uploads/${id}/files/${name}`, {
      method: 'PUT',
      body: new Uint8Array(Buffer.from(content)),
      headers: { 'content-type': 'application/octet-stream' },
    }),
  )
  const look = await json(manager(`/api/imports/uploads/${id}/files/${name}/look`, send({})))
  return { upload: id as string, look }
}

export function send(value: unknown): RequestInit {
  return { method: 'POST', body: JSON.stringify(value), headers: { 'content-type': 'application/json' } }
}

// biome-ignore lint/suspicious/noExplicitAny: answers are read field by field
export async function json(sent: Promise<Response>, status = 200): Promise<any> {
  const response = await sent
  const text = await response.text()
  assert.equal(response.status, status, text)
  return JSON.parse(text)
}
