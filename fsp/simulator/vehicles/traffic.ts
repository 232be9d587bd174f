import type { Socket } from './layout.ts'

/** Who comes and goes at a depot. */
export interface Traffic {
  /** Moves vehicles to and from the sockets, as of an instant that is not before that of the last call. */
  step(atMs: number, sockets: readonly Socket[]): void
  /** A vehicle was taken from its socket by hand; it does not come back to one before its next trip. */
  tookAway(vehicleId: string): void
}
