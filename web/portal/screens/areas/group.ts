import type { DnoGroup, KnownArea } from '../../../../schemas/grid/areas.ts'

/** A group with its areas, as the server lists them. */
export type Group = DnoGroup & { areas: KnownArea[] }
