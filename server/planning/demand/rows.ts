import type { TypicalHeadroom } from '../../grid/index.ts'
import type { DayKindName } from './engine/demand.ts'
import type { EvSpecification, Trip } from './engine/model.ts'
import type { HvSite } from './mapping/hv-sites.ts'
import type { Feeding } from './mapping/model.ts'
import type { Archetype } from './outlook/profiles.ts'

/** Rows of editions, by kind, as they are kept. Shapes are lists of rings of eastings and northings in turn. */
export interface EditionRows {
  trips: Trip & { model: string }
  vehicles: EvSpecification & { isVerified: boolean }
  'charge-points': {
    id: string
    name: string
    eastingM: number
    northingM: number
    kw: number | null
    isDc: boolean
    taxiOnly: boolean
    excluded: boolean
    /** Connected at high voltage; editions from before it was asked for do not say. */
    isHv?: boolean
  }
  areas: {
    code: string
    borough: string
    polygons: number[][][] | null
    eastingM: number
    northingM: number
    cars: number | null
    depotVehicles: number
    isExcludedAsHome: boolean
  }
  /** `place` is an area or a borough. */
  'off-street': { place: string; share: number }
  growth: { area: string; years: number[]; shares: number[] }
  'feeding-areas': { nodeId: string; customers: number | null; polygons: number[][][] | null }
  connectivity: Feeding
  'hv-sites': HvSite & { name: string; archetype: Archetype; vehicles: number }
  /** A half-hour of a day of an archetype: the mean of many vehicles, W each, and what one draws while it charges. */
  profiles: { archetype: Archetype; dayKind: DayKindName; slot: number; meanW: number; chargingW: number }
  network: TypicalHeadroom
}
export type RowKind = keyof EditionRows
