/** The system's clock, timers and randomness. */
import type { Runtime } from '../app/runtime.ts'

export const SYSTEM_RUNTIME: Runtime = {
  now: () => Date.now(),
  timers: {
    set: (ms, callback) => setTimeout(callback, ms),
    clear: (handle) => clearTimeout(handle as NodeJS.Timeout),
  },
  random: () => Math.random(),
  // From Node's pool: an array of its own for every message costs more than all that is written into it.
  alloc: (octets) => Buffer.allocUnsafe(octets),
}

/** The system's runtime with whatever parts the caller brings. */
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
