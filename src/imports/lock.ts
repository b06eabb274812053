// One process at a time works on an import.
import type { Store } from '../store/store.ts'

const lockClass = 7_701_185

/** Runs the work unless another process is at this import; the lock dies with its process. */
export async function withLock(store: Store, id: number, work: () => Promise<void>): Promise<void> {
  const client = await store.pool.connect()
  let broken: Error | undefined
  const onError = (error: Error) => {
    broken = error
  }
  client.on('error', onError)
  try {
    const { rows: got } = await client.query<{ got: boolean }>('select pg_try_advisory_lock($1, $2) as got', [
      lockClass,
      id,
    ])
    if (!got[0]?.got) return
    await work()
    await client.query('select pg_advisory_unlock($1, $2)', [lockClass, id])
  } catch (error) {
    broken ??= error as Error
    throw error
  } finally {
    // A connection that may still hold the lock is closed, not handed on.
    client.off('error', onError)
    client.release(broken)
  }
}
