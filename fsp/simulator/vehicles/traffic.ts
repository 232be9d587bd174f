import type { Socket } from './layout.ts'

/** The vehicles that arrive at and leave a depot. */
export interface Traffic {
  /** Moves vehicles to and from the sockets, as of an instant not earlier than that of the last call. */
  step(atMs: number, sockets: readonly Socket[]): void
  /** Records that a vehicle was unplugged by hand; it does not return to a socket before its next trip. */
  tookAway(vehicleId: string): void
}
