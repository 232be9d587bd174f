import { useSyncExternalStore } from 'react'
import { dayOf } from './format/time.ts'

/** The server's clock less this machine's, ms: ages and the clock in the top bar follow the server. */
let offsetMs = 0
let now = Date.now()
const listeners = new Set<() => void>()
let timer: ReturnType<typeof setInterval> | undefined

function tick(): void {
  now = Date.now() + offsetMs
  for (const listener of listeners) listener()
}

/** Sets the clock by an instant that the server has just answered. Differences under 2 s are the way it took. */
export function followServer(at: string): void {
  const offset = Date.parse(at) - Date.now()
  if (Math.abs(offset - offsetMs) < 2_000) return
  offsetMs = offset
  tick()
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener)
  timer ??= setInterval(tick, 1_000)
  return () => {
    listeners.delete(listener)
    if (listeners.size > 0) return
    clearInterval(timer)
    timer = undefined
  }
}

/** The server's time, ms since 1970; the component draws anew each second. */
export function useNow(): number {
  return useSyncExternalStore(subscribe, () => now)
}

/** The server's trading day; the component draws anew when another begins. */
export function useToday(): string {
  return useSyncExternalStore(subscribe, () => dayOf(now))
}
