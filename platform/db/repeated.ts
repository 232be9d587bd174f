import type postgres from 'postgres'

/** A statement is prepared when it comes for this time: one that comes once or twice is not worth keeping. */
const worthPreparing = 5

/** Each connection keeps what is prepared on it, with its plan, until it is closed. */
const mostPrepared = 500
const longestText = 4_000

/** So many texts are counted; statements whose texts go on changing would otherwise fill the memory. */
const mostCounted = 4_000

/**
 * Lets a pool prepare the statements that it is given again and again, as JDBC's driver for PostgreSQL does. Of one that is not prepared
 * postgres.js (3.4.9) has the types of its parameters described before it sends them, each time: two round trips instead of one, and a parse
 * and a plan for each execution.
 */
export function preparingRepeated(client: postgres.Sql): postgres.Sql {
  const counts = new Map<string, number>()
  let prepared = 0
  const isRepeated = (text: string): boolean => {
    const count = counts.get(text) ?? 0
    if (count >= worthPreparing) return true
    if (count + 1 === worthPreparing) {
      if (prepared === mostPrepared || text.length > longestText) return false
      prepared++
    } else if (count === 0 && counts.size >= mostCounted) forgetUnprepared(counts)
    counts.set(text, count + 1)
    return count + 1 === worthPreparing
  }
  return preparing(client, isRepeated)
}

function forgetUnprepared(counts: Map<string, number>): void {
  for (const [text, count] of counts) if (count < worthPreparing) counts.delete(text)
}

type Unsafe = (text: string, args?: never[], options?: postgres.UnsafeQueryOptions) => unknown

/** The same for a pool, and for the transactions that it begins. */
function preparing<Client extends postgres.Sql>(client: Client, isRepeated: (text: string) => boolean): Client {
  const { unsafe, begin, savepoint } = client as Client & { savepoint?: Begin }
  const changed: Record<string, unknown> = {
    unsafe: ((text, args = [], options = {}) =>
      unsafe(text, args, {
        ...options,
        prepare: options.prepare || (args.length > 0 && isRepeated(text)),
      })) satisfies Unsafe,
  }
  if (begin) changed['begin'] = within(begin as Begin, isRepeated)
  if (savepoint) changed['savepoint'] = within(savepoint, isRepeated)
  return Object.assign(client, changed)
}

type Begin = (...given: unknown[]) => unknown

/** `begin` and `savepoint` take their work last. */
function within(start: Begin, isRepeated: (text: string) => boolean): Begin {
  return (...given) => {
    const work = given.pop() as (sql: postgres.Sql) => unknown
    return start(...given, (sql: postgres.Sql) => work(preparing(sql, isRepeated)))
  }
}
