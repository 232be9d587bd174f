import type postgres from 'postgres'
import type { Changed } from '../../schemas/portal/portal.ts'
import { sessionsEndedChannel } from '../access/index.ts'

type Topic = Changed['topic']

/** Events between servers and open screens. */
export interface EventBus {
  /** Tells the screens of every server on this database that a view has changed. */
  announce(topic: Topic): void
  /** Calls back for each change until the returned function is called: at once for one of this server, too. */
  hear(listener: (topic: Topic) => void): () => void
  /** Calls back for each change, bursts gathered, until the returned function is called. */
  subscribe(listener: (topic: Topic) => void): () => void
  /** Calls back whenever sessions of an account end, at whichever server, until the returned function is called. */
  onSessionsEnded(accountId: string, listener: () => void): () => void
  /** Says and hears nothing more. The listening ends with the connections of the client, which may be gone already. */
  close(): void
}

/** The PostgreSQL NOTIFY channel that the servers on a database share. */
const channel = 'ringmain_changed'

/** Bursts (a measurement batch a second, a tick of 5,000 instructions) become one notice per topic within this many real ms. */
const gatherMs = 250

/** An event bus on LISTEN and NOTIFY: a screen receives changes from every server. */
export async function createEventBus(client: postgres.Sql): Promise<EventBus> {
  const [listeners, hearers] = [new Set<(topic: Topic) => void>(), new Set<(topic: Topic) => void>()]
  const watched = new Map<() => void, string>()
  const gathered = new Set<Topic>()
  let timer: NodeJS.Timeout | null = null
  let closed = false
  await client.listen(channel, (topic) => {
    for (const listener of [...listeners, ...hearers]) listener(topic as Topic)
  })
  await client.listen(sessionsEndedChannel, (accountId) => {
    for (const [listener, watchedAccount] of watched) if (watchedAccount === accountId) listener()
  })
  const flush = () => {
    timer = null
    // A lost notice costs a screen one refresh; it must never fail the change that caused it.
    for (const topic of gathered) void client.notify(channel, topic).catch(() => undefined)
    gathered.clear()
  }
  return {
    announce(topic) {
      if (closed) return
      for (const listener of hearers) listener(topic)
      gathered.add(topic)
      timer ??= setTimeout(flush, gatherMs)
    },
    hear(listener) {
      hearers.add(listener)
      return () => hearers.delete(listener)
    },
    subscribe(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    onSessionsEnded(accountId, listener) {
      watched.set(listener, accountId)
      return () => watched.delete(listener)
    },
    close() {
      closed = true
      if (timer) clearTimeout(timer)
      listeners.clear()
      hearers.clear()
      watched.clear()
    },
  }
}
