import type { Instant, LocalDate } from '@js-joda/core'
import { and, asc, between, desc, eq, inArray, lte } from 'drizzle-orm'
import type { Queryable } from '../../../platform/db/index.ts'
import type { SubmissionKind, SubmittedSchedule } from '../../../schemas/market/schedules.ts'
import { dayStart } from '../../../schemas/vocabulary/time.ts'
import { submittedSchedule } from './tables.ts'

export type SubmittedRow = typeof submittedSchedule.$inferSelect

export interface SubmissionFilter {
  fuIds?: readonly string[]
  kinds?: readonly SubmissionKind[]
  /** Only what had been submitted by then (FM17: an earlier decision can be redone from what it knew). */
  asOf?: Instant
}

/** The highest revision of each kind for each FU on a day, in order of FU and kind. */
export async function currentSubmissions(
  tx: Queryable,
  day: LocalDate,
  filter: SubmissionFilter,
): Promise<SubmittedRow[]> {
  return submissionsBetween(tx, day, day, filter)
}

/** The same of several days, inclusive, in order of FU, kind and day. */
export async function submissionsBetween(
  tx: Queryable,
  first: LocalDate,
  last: LocalDate,
  filter: SubmissionFilter,
): Promise<SubmittedRow[]> {
  if (filter.fuIds?.length === 0) return []
  return tx
    .selectDistinctOn([submittedSchedule.fuId, submittedSchedule.kind, submittedSchedule.tradingDay])
    .from(submittedSchedule)
    .where(
      and(
        between(submittedSchedule.tradingDay, first, last),
        filter.fuIds ? inArray(submittedSchedule.fuId, [...filter.fuIds]) : undefined,
        filter.kinds ? inArray(submittedSchedule.kind, [...filter.kinds]) : undefined,
        filter.asOf ? lte(submittedSchedule.submittedAt, filter.asOf) : undefined,
      ),
    )
    .orderBy(
      ...[asc(submittedSchedule.fuId), asc(submittedSchedule.kind), asc(submittedSchedule.tradingDay)],
      desc(submittedSchedule.revision),
    )
}

/** One revision of a schedule; `undefined` when there is none. */
export async function findRevision(
  tx: Queryable,
  key: { fuId: string; day: LocalDate; kind: SubmissionKind },
  revision: number,
): Promise<SubmittedRow | undefined> {
  const [row] = await tx
    .select()
    .from(submittedSchedule)
    .where(
      and(
        eq(submittedSchedule.fuId, key.fuId),
        eq(submittedSchedule.tradingDay, key.day),
        eq(submittedSchedule.kind, key.kind),
        eq(submittedSchedule.revision, revision),
      ),
    )
  return row
}

export function viewSubmission(row: SubmittedRow): SubmittedSchedule {
  const { tradingDay, submittedAt, ...rest } = row
  return {
    ...rest,
    tradingDay: tradingDay.toString(),
    start: dayStart(tradingDay).toString(),
    submittedAt: submittedAt.toString(),
  }
}
