import { z } from 'zod'
import { instant, powerW, tradingDay, uuid } from '../vocabulary/units.ts'
import { networkNode } from './connections.ts'

/** What is wrong with a row of an uploaded file: its line (the heading is line 1), the column, and what to do. */
export const importFlaw = z
  .object({ line: z.number().int(), field: z.string(), message: z.string() })
  .meta({ id: 'ImportFlaw' })
export type ImportFlaw = z.infer<typeof importFlaw>

/** An upload of a network file. `flaws` holds the first few hundred of `flawCount`. */
export const networkImport = z
  .object({
    importId: uuid,
    startedAt: instant,
    startedBy: z.string(),
    dryRun: z.boolean(),
    state: z.enum(['reading', 'writing', 'checked', 'imported', 'refused']),
    /** Which of the accepted layouts the file has. */
    layout: z.string().nullable(),
    rows: z.number().int(),
    created: z.number().int(),
    changed: z.number().int(),
    flaws: z.array(importFlaw),
    flawCount: z.number().int(),
  })
  .meta({ id: 'NetworkImport' })
export type NetworkImport = z.infer<typeof networkImport>

/** A node with what stands around it. */
export const nodePage = z
  .object({
    node: networkNode,
    /** From the top of its tree down to the node itself. */
    path: z.array(networkNode.pick({ nodeId: true, name: true, kind: true })),
    children: z.array(networkNode),
    connections: z.array(z.object({ connectionId: uuid, name: z.string(), ascKva: z.number() })),
    hubIds: z.array(uuid),
  })
  .meta({ id: 'NodePage' })

/** Load and headroom of a node in one half-hour. */
export const headroomPeriod = z
  .object({
    from: instant,
    to: instant,
    /** Capacity as active power, W; `null` where no rating is known. */
    capacityW: powerW.nullable(),
    /** Measured mean load, W; `null` where none was measured. */
    measuredW: powerW.nullable(),
    /** Load that belongs to no profiled connection: from history, or from the known highest demand of the season. */
    backgroundW: powerW,
    /** Import limits of all connections below, added up. */
    agreedW: z.number(),
    /** `capacityW` − `backgroundW` − `agreedW`. */
    headroomW: z.number().nullable(),
  })
  .meta({ id: 'HeadroomPeriod' })

export const nodeHeadroom = z
  .object({ nodeId: z.string(), tradingDay, periods: z.array(headroomPeriod) })
  .meta({ id: 'NodeHeadroom' })
export type NodeHeadroom = z.infer<typeof nodeHeadroom>

/** What an upload of half-hourly load history did. */
export const loadHistoryReceipt = z
  .object({ rows: z.number().int(), nodes: z.number().int(), dryRun: z.boolean() })
  .meta({ id: 'LoadHistoryReceipt' })
export type LoadHistoryReceipt = z.infer<typeof loadHistoryReceipt>
