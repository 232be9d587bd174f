import type { Socket } from './layout.ts'

/** The vehicles that arrive at and leave a depot. */
export interface Traffic {
  /** Moves vehicles to and from the sockets, as of an instant not earlier than that of the last call. */
  step(atMs: number, sockets: readonly Socket[]): void
  /** Records that a vehicle was unplugged by hand; it does not return to a socket before its next trip. */
  tookAway(vehicleId: string): void
  /** The vehicles that are known beyond their stay at a socket, at an instant not earlier than that of the last step. */
  vehicles(atMs: number): VehicleState[]
}

/** A vehicle as its own telematics unit knows it. */
export interface VehicleState {
  idTag: string
  /** State of charge, from 0 to 1. */
  socShare: number
  odometerMiles: number
  isOut: boolean
  isPluggedIn: boolean
}
