import type { QueryClient } from '@tanstack/react-query'
import { useSyncExternalStore } from 'react'
import { operations } from '../../../schemas/operations.ts'
import type { Changed } from '../../../schemas/portal/portal.ts'
import { topics } from '../../../schemas/portal/topics.ts'
import { addressOf } from './client.ts'

export type Topic = Changed['topic']

declare module '@tanstack/react-query' {
  interface Register {
    queryMeta: {
      /** Topics whose news make this query's data old. */
      topics?: readonly Topic[]
    }
  }
}

/** News of one topic come in bursts; open screens ask again at most this often, ms. */
const gatherMs = 1_000
/** A stream that the server refused is opened anew after this long, ms. */
const retryMs = 5_000

export type LiveState = 'connecting' | 'live' | 'lost'

let state: LiveState = 'connecting'
const listeners = new Set<() => void>()

function become(next: LiveState): void {
  if (next === state) return
  state = next
  for (const listener of listeners) listener()
}

/** Whether news reach this page. */
export function useLiveState(): LiveState {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    () => state,
  )
}

/** Marks everything as old that belongs to one of the topics, so that what is on the screen is asked for again. */
function refresh(queries: QueryClient, topics: ReadonlySet<Topic>): void {
  void queries.invalidateQueries({ predicate: ({ meta }) => meta?.topics?.some((topic) => topics.has(topic)) ?? false })
}

const allTopics: ReadonlySet<Topic> = new Set(topics)

/** Listens to the server's news until the returned function is called. What was missed while the stream was down is asked for on its return. */
export function listenToNews(queries: QueryClient): () => void {
  let source: EventSource | null = null
  let retry: ReturnType<typeof setTimeout> | undefined
  let flush: ReturnType<typeof setTimeout> | undefined
  let missed = false
  const gathered = new Set<Topic>()

  function onChanged(event: MessageEvent<string>): void {
    const { topic } = JSON.parse(event.data) as Changed
    if (!allTopics.has(topic)) return
    gathered.add(topic)
    flush ??= setTimeout(() => {
      flush = undefined
      refresh(queries, new Set(gathered))
      gathered.clear()
    }, gatherMs)
  }

  function open(): void {
    source = new EventSource(addressOf(operations.followChanges, {}))
    source.addEventListener('changed', onChanged)
    source.onopen = () => {
      become('live')
      if (missed) refresh(queries, allTopics)
      missed = false
    }
    source.onerror = () => {
      become('lost')
      missed = true
      if (source?.readyState === EventSource.CLOSED) retry = setTimeout(open, retryMs)
    }
  }

  open()
  return () => {
    clearTimeout(retry)
    clearTimeout(flush)
    source?.close()
    become('connecting')
  }
}
