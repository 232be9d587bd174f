/** The system's clock, timers and randomness. */
import type { Runtime } from '../app/runtime.ts'
import { outgoingOctets } from './outbox.ts'

export const SYSTEM_RUNTIME: Runtime = {
  now: () => Date.now(),
  timers: {
    set: (ms, callback) => setTimeout(callback, ms),
    clear: (handle) => clearTimeout(handle as NodeJS.Timeout),
    now: () => Math.floor(performance.now()),
  },
  random: () => Math.random(),
  alloc: outgoingOctets,
}

/** The system's runtime with the parts that the caller supplies replaced. */
export function runtimeOf(parts: Partial<Runtime> = {}): Runtime {
  return { ...SYSTEM_RUNTIME, ...definedOnly(parts) }
}

function definedOnly(parts: Partial<Runtime>): Partial<Runtime> {
  return {
    ...(parts.now === undefined ? {} : { now: parts.now }),
    ...(parts.timers === undefined ? {} : { timers: parts.timers }),
    ...(parts.random === undefined ? {} : { random: parts.random }),
  }
}
