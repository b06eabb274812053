/** Who reads nothing for so long is taken to have gone. */
const patienceMs = 5 * 60_000

/**
 * The body of a long reply, written as it is read, so that no length takes memory. What fails before the first
 * piece is thrown here, where it still becomes a problem. Whoever stops reading ends the writing, and what it
 * holds is given back; so does whoever stands still for `patience` milliseconds.
 */
export async function textStream(
  pieces: AsyncGenerator<string>,
  patience = patienceMs,
): Promise<ReadableStream<Uint8Array>> {
  const encoder = new TextEncoder()
  let first: IteratorResult<string> | undefined = await pieces.next()
  let waiting: NodeJS.Timeout | undefined
  return new ReadableStream<Uint8Array>(
    {
      start: (controller) => expect(controller),
      async pull(controller) {
        clearTimeout(waiting)
        const piece = first ?? (await pieces.next())
        first = undefined
        if (piece.done) return controller.close()
        controller.enqueue(encoder.encode(piece.value))
        expect(controller)
      },
      async cancel() {
        clearTimeout(waiting)
        await pieces.return(undefined)
      },
    },
    // nothing is written before it is asked for
    { highWaterMark: 0 },
  )

  function expect(controller: ReadableStreamDefaultController<Uint8Array>): void {
    waiting = setTimeout(() => {
      controller.error(new Error(`Nobody has read on for ${patience / 1000} seconds.`))
      void pieces.return(undefined)
    }, patience).unref()
  }
}
