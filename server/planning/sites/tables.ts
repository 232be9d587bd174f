import { bigint, doublePrecision, index, integer, jsonb, pgTable, text, unique, uuid } from 'drizzle-orm/pg-core'
import { instant, optionsOf } from '../../../platform/db/index.ts'
import { type PlanAssetForm, planAssetKind } from '../../../schemas/planning/sites/assets.ts'
import { type PlanInput, type PlanResult, planScenario } from '../../../schemas/planning/sites/plan.ts'
import { planRunSummary } from '../../../schemas/planning/sites/runs.ts'

/** What a customer's plans are made of: one register for all kinds, because each is a form that only its own schema reads. */
export const planAsset = pgTable(
  'plan_asset',
  {
    assetId: uuid('asset_id').primaryKey(),
    /** A row of `customer` (access wing). */
    customerId: uuid('customer_id').notNull(),
    kind: text({ enum: optionsOf(planAssetKind) }).notNull(),
    name: text().notNull(),
    content: jsonb().$type<PlanAssetForm['content']>().notNull(),
    /** Grows with every change, so that two simultaneous editors notice each other (FM15). */
    revision: integer().notNull().default(1),
    changedAt: instant('changed_at').notNull(),
    changedBy: text('changed_by').notNull(),
  },
  (t) => [unique('plan_asset_name').on(t.customerId, t.kind, t.name)],
)

/** What the meter of a planned site recorded, one value per half-hour from `from_at`; −1 where it recorded nothing. */
export const planMeterHistory = pgTable('plan_meter_history', {
  assetId: uuid('asset_id')
    .primaryKey()
    .references(() => planAsset.assetId, { onDelete: 'cascade' }),
  customerId: uuid('customer_id').notNull(),
  fromAt: instant('from_at').notNull(),
  kwh: doublePrecision().array().notNull(),
  uploadedAt: instant('uploaded_at').notNull(),
  uploadedBy: text('uploaded_by').notNull(),
})

/** A run with every input, and its result. */
export const planRun = pgTable(
  'plan_run',
  {
    runId: uuid('run_id').primaryKey(),
    /** Numbers the runs in the order of the queue: two may be asked for in one instant. */
    position: bigint({ mode: 'number' }).generatedAlwaysAsIdentity(),
    customerId: uuid('customer_id').notNull(),
    /** The combination that was run; it may be gone meanwhile. */
    scenarioId: uuid('scenario_id').notNull(),
    name: text().notNull(),
    scenario: text({ enum: optionsOf(planScenario) }).notNull(),
    state: text({ enum: optionsOf(planRunSummary.shape.state) }).notNull(),
    input: jsonb().$type<PlanInput>().notNull(),
    queuedAt: instant('queued_at').notNull(),
    queuedBy: text('queued_by').notNull(),
    startedAt: instant('started_at'),
    /** When its server last said that it works on it, and how far it was then, 0 to 1. */
    aliveAt: instant('alive_at'),
    progress: doublePrecision(),
    /** How often it was begun: a server that lost it to another cannot finish it. */
    attempts: integer().notNull().default(0),
    finishedAt: instant('finished_at'),
    engine: text(),
    result: jsonb().$type<PlanResult>(),
    failure: text(),
    /** The application that it became: a row of `profile` (grid wing). */
    profileId: uuid('profile_id'),
  },
  (t) => [index('plan_run_customer').on(t.customerId, t.position), index('plan_run_state').on(t.state, t.position)],
)
