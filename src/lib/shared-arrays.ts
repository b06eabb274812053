interface Kind<Numbers> {
  new (buffer: SharedArrayBuffer): Numbers
  readonly BYTES_PER_ELEMENT: number
}

/** A typed array of zeros that goes to other threads without being copied: what one writes, all see. */
export function shared<Numbers>(kind: Kind<Numbers>, length: number): Numbers {
  return new kind(new SharedArrayBuffer(length * kind.BYTES_PER_ELEMENT))
}
