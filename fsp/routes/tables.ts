import { bigint, doublePrecision, index, integer, pgTable, primaryKey, text } from 'drizzle-orm/pg-core'
import { instant } from '../../platform/db/index.ts'

const route = () => text({ enum: ['direct', 'site-controller', 'over-the-air'] }).notNull()

/** Every message of a set point as it was delivered, with what it stood at then: figures of routes are sums over these. Rows are only added, but for the effect. */
export const routeDelivery = pgTable(
  'route_delivery',
  {
    identity: text().notNull(),
    /** 0 is the standing limit of the whole unit. */
    connector: integer().notNull(),
    sentAt: instant('sent_at').notNull(),
    depotId: text('depot_id').notNull(),
    model: text().notNull(),
    route: route(),
    /** `ocpp1.6` and the like; `null`: there was no link. */
    protocol: text(),
    limitA: integer('limit_a').notNull(),
    attempt: integer().notNull(),
    result: text({ enum: ['accepted', 'rejected', 'not-supported', 'no-answer', 'not-connected'] }).notNull(),
    /** From sending to the answer, ms; `null`: none came. */
    latencyMs: doublePrecision('latency_ms'),
    /** From sending to the first reading that shows it, ms; `null`: none did, or it changed nothing that a meter could show. */
    effectMs: doublePrecision('effect_ms'),
    /** Millionths of a pound. */
    costMicroGbp: bigint('cost_micro_gbp', { mode: 'number' }).notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.identity, t.connector, t.sentAt] }),
    index('route_delivery_time').on(t.sentAt, t.depotId),
  ],
)

/** A limit that is not ours, as long as it was seen to hold at a socket. */
export const foreignLimit = pgTable(
  'foreign_limit',
  {
    foreignLimitId: bigint('foreign_limit_id', { mode: 'number' }).primaryKey().generatedAlwaysAsIdentity(),
    depotId: text('depot_id').notNull(),
    identity: text().notNull(),
    connector: integer().notNull(),
    /** `above`: it draws more than our limit; `below`: it is held under it. */
    kind: text({ enum: ['above', 'below'] }).notNull(),
    /** How it was seen. */
    seenBy: text('seen_by', { enum: ['meter', 'status', 'schedule', 'statement'] }).notNull(),
    /** Ours at the time, A. */
    limitA: integer('limit_a').notNull(),
    /** What was drawn, or what the unit says that it allows, A; `null`: not known. */
    seenA: doublePrecision('seen_a'),
    since: instant().notNull(),
    lastAt: instant('last_at').notNull(),
    /** `null`: it holds. */
    endedAt: instant('ended_at'),
  },
  (t) => [index('foreign_limit_depot').on(t.depotId, t.foreignLimitId)],
)
