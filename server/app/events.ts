import type postgres from 'postgres'
import type { Changed } from '../../schemas/portal/portal.ts'

type Topic = Changed['topic']

/** News between servers and open screens. */
export interface EventBus {
  /** Says that a view has news, to the screens of every server of this database. */
  announce(topic: Topic): void
  /** Calls back for each piece of news until the returned function is called. */
  subscribe(listener: (topic: Topic) => void): () => void
  close(): Promise<void>
}

/** The channel of PostgreSQL's NOTIFY that the servers of a database share. */
const channel = 'ringmain_changed'

/** Bursts (a measurement batch a second, a tick of 5,000 instructions) become one notice per topic and so many real ms. */
const gatherMs = 250

/** An event bus on LISTEN and NOTIFY: a screen hears of changes whichever server made them. */
export async function createEventBus(client: postgres.Sql): Promise<EventBus> {
  const listeners = new Set<(topic: Topic) => void>()
  const gathered = new Set<Topic>()
  let timer: NodeJS.Timeout | null = null
  let closed = false
  const subscription = await client.listen(channel, (topic) => {
    for (const listener of listeners) listener(topic as Topic)
  })
  const flush = () => {
    timer = null
    // A notice that is lost costs a screen one refresh; it must never fail what caused it.
    for (const topic of gathered) void client.notify(channel, topic).catch(() => undefined)
    gathered.clear()
  }
  return {
    announce(topic) {
      if (closed) return
      gathered.add(topic)
      timer ??= setTimeout(flush, gatherMs)
    },
    subscribe(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    async close() {
      closed = true
      if (timer) clearTimeout(timer)
      listeners.clear()
      await subscription.unlisten()
    },
  }
}
