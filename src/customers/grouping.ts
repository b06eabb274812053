// Which rows are one customer, from the merges that stand: the law behind joining and undoing.

/** A merge that stands: everything of `absorbed`'s group went to `survivor`'s. */
export interface Edge {
  survivor: number
  absorbed: number
}

/**
 * Canonical id of each given row, from the merges that stand, oldest first. A merge that was undone is
 * simply not among them, whatever came after it: what later merges brought stays.
 */
export function canonicalsOf(ids: readonly number[], edges: readonly Edge[]): Map<number, number> {
  const parents = new Map<number, number>()
  const root = (id: number): number => {
    let at = id
    for (let up = parents.get(at); up !== undefined; up = parents.get(at)) at = up
    return at
  }
  for (const { survivor, absorbed } of edges) {
    const [into, from] = [root(survivor), root(absorbed)]
    if (into !== from) parents.set(from, into)
  }
  return new Map(ids.map((id) => [id, root(id)]))
}
