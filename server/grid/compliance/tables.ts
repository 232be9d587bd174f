import { sql } from 'drizzle-orm'
import {
  boolean,
  check,
  doublePrecision,
  index,
  integer,
  pgTable,
  primaryKey,
  text,
  uniqueIndex,
  uuid,
} from 'drizzle-orm/pg-core'
import { instant, localDate } from '../../../platform/db/index.ts'
import type { ComplianceState, LimitSource, PowerFlow } from '../../../schemas/grid/connections.ts'
import type { Quality } from '../../../schemas/grid/measurements.ts'
import { connection } from '../connections/tables.ts'

/**
 * The state of a connection at its last evaluation, with the running sums of the settlement period: `period_ws` watt-seconds over
 * `period_s` measured seconds.
 */
export const complianceStatus = pgTable('compliance_status', {
  connectionId: uuid('connection_id')
    .primaryKey()
    .references(() => connection.connectionId),
  state: text().$type<ComplianceState>().notNull().default('unknown'),
  stateSince: instant('state_since'),
  evaluatedAt: instant('evaluated_at'),
  /** `null` when no import could be computed: a value is missing, null, bad or stale. */
  importW: doublePrecision('import_w'),
  /** Whether `import_w` is known to be an import; otherwise it is the most that the import can be. */
  directionKnown: boolean('direction_known').notNull().default(true),
  evW: doublePrecision('ev_w'),
  /** The last import that could be computed, for screens that show it as stale. */
  lastImportW: doublePrecision('last_import_w'),
  lastImportAt: instant('last_import_at'),
  lastQuality: text('last_quality').$type<Quality>(),
  limitW: doublePrecision('limit_w'),
  limitSource: text('limit_source').$type<LimitSource>(),
  periodStart: instant('period_start'),
  periodWs: doublePrecision('period_ws').notNull().default(0),
  periodS: doublePrecision('period_s').notNull().default(0),
  /** Since when import has said that the breach should begin or, in a breach, end. */
  breachPendingAt: instant('breach_pending_at'),
  /** Whether it is at risk, also while a breach or the lack of data hides that; and since when import has said otherwise. */
  atRisk: boolean('at_risk').notNull().default(false),
  riskPendingAt: instant('risk_pending_at'),
})

/**
 * The export of connections with a stated export capacity at their last evaluation, as `compliance_status` has the import. Whoever evaluates
 * holds the lock on the row there.
 */
export const exportStatus = pgTable('export_status', {
  connectionId: uuid('connection_id')
    .primaryKey()
    .references(() => connection.connectionId),
  state: text().$type<ComplianceState>().notNull(),
  stateSince: instant('state_since').notNull(),
  evaluatedAt: instant('evaluated_at').notNull(),
  /** `null` when it is not known: a value is missing, or may as well be an import. */
  exportW: doublePrecision('export_w'),
  limitW: doublePrecision('limit_w').notNull(),
  periodStart: instant('period_start').notNull(),
  periodWs: doublePrecision('period_ws').notNull(),
  periodS: doublePrecision('period_s').notNull(),
  breachPendingAt: instant('breach_pending_at'),
  atRisk: boolean('at_risk').notNull(),
  riskPendingAt: instant('risk_pending_at'),
})

/** An FU under a dispatch-implied limit, with the running sums of the quarter-hour over the `ev` feeders. */
export const fuStatus = pgTable(
  'fu_status',
  {
    fuId: uuid('fu_id').primaryKey(),
    connectionId: uuid('connection_id').notNull(),
    instructionId: uuid('instruction_id').notNull(),
    limitW: doublePrecision('limit_w').notNull(),
    limitTo: instant('limit_to').notNull(),
    windowStart: instant('window_start').notNull(),
    windowWs: doublePrecision('window_ws').notNull(),
    windowS: doublePrecision('window_s').notNull(),
    evaluatedAt: instant('evaluated_at').notNull(),
    evW: doublePrecision('ev_w'),
    breached: boolean().notNull(),
  },
  (t) => [index('fu_status_connection').on(t.connectionId)],
)

/** Breaches of import or export limits: by a connection, or by an FU (`fu_id`) under a dispatch-implied limit. */
export const breach = pgTable(
  'breach',
  {
    breachId: uuid('breach_id').notNull(),
    connectionId: uuid('connection_id')
      .notNull()
      .references(() => connection.connectionId),
    fuId: uuid('fu_id'),
    instructionId: uuid('instruction_id'),
    direction: text().$type<PowerFlow>().notNull().default('import'),
    start: instant('start_at').notNull(),
    end: instant('end_at'),
    /** The limit when the breach began. */
    limitW: doublePrecision('limit_w').notNull(),
    limitSource: text('limit_source').$type<LimitSource>().notNull(),
    peakExcessW: doublePrecision('peak_excess_w').notNull(),
    excessWh: doublePrecision('excess_wh').notNull(),
    /** Excess at the last evaluation, W; it holds until the next one. */
    excessW: doublePrecision('excess_w').notNull(),
    /** The time up to which the excess has been added up. */
    countedTo: instant('counted_to').notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.connectionId, t.breachId] }),
    index('breach_time').on(t.connectionId, t.start),
    uniqueIndex('breach_open_connection').on(t.connectionId, t.direction).where(sql`end_at is null and fu_id is null`),
    uniqueIndex('breach_open_fu').on(t.connectionId, t.fuId).where(sql`end_at is null and fu_id is not null`),
    check('breach_direction', sql`direction in ('import', 'export')`),
  ],
)

/** How long a connection was in each state on a trading day, s. The sum over all connections is the history of the fleet. */
export const complianceDay = pgTable(
  'compliance_day',
  {
    connectionId: uuid('connection_id').notNull(),
    tradingDay: localDate('trading_day').notNull(),
    compliantS: integer('compliant_s').notNull(),
    atRiskS: integer('at_risk_s').notNull(),
    breachS: integer('breach_s').notNull(),
    unknownS: integer('unknown_s').notNull(),
  },
  (t) => [primaryKey({ columns: [t.connectionId, t.tradingDay] }), index('compliance_day_day').on(t.tradingDay)],
)
