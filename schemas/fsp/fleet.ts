import type { EvTypeSeed } from './depots.ts'

/**
 * The type of a depot's nth vehicle, from 1: types take turns so that each has its share of any long run of vehicles (the golden-ratio
 * sequence). The FSP's register and the simulated vehicles follow the same rule, so that they say the same.
 */
export function evTypeOf(types: readonly EvTypeSeed[], number: number): EvTypeSeed | undefined {
  const total = types.reduce((sum, { share }) => sum + share, 0)
  let left = ((number * 0.618_033_988_75) % 1) * total
  return (
    types.find(({ share }) => {
      left -= share
      return left < 0
    }) ?? types.at(-1)
  )
}

/** The telematics of vehicles that the register begins with, where it begins with any. */
export const seededTelematics = { provider: 'Fleet Telematics Ltd', delivery: 'batch', name: null } as const

/** What a seeded vehicle's telematics unit calls itself, by the vehicle's token. */
export function telematicsIdOf(idTag: string): string {
  return `unit-${idTag}`
}
