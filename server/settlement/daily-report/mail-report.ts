import { type Instant, LocalTime } from '@js-joda/core'
import { messageOf } from '../../../platform/errors/index.ts'
import { claimSlot } from '../../../platform/jobs/index.ts'
import type { Mailer } from '../../../platform/mail/index.ts'
import { settlementZone, tradingDayOf } from '../../../schemas/vocabulary/time.ts'
import type { ServerContext } from '../../kit/index.ts'
import { makeReport } from './make-report.ts'
import { reportInWords, subjectOf } from './words.ts'

/** When the report of the day before goes out, local time: before people come, and after the night's meter data. */
const goesOutAt = LocalTime.of(7, 0)

/**
 * Mails the report of the day before once, at 07:00 local time or, if no server ran then, as soon as one does on that day. One server does it;
 * a mail that the mail server does not take is logged, and the report stays at its page.
 */
export async function mailReport(
  context: ServerContext,
  to: readonly string[],
  mailer: Mailer,
  at: Instant,
): Promise<void> {
  const { db, log, publicUrl } = context
  const today = tradingDayOf(at)
  const due = today.atTime(goesOutAt).atZone(settlementZone).toInstant()
  if (at.isBefore(due)) return
  const day = today.minusDays(1)
  // Claimed only if the report could be made: otherwise the next minute tries again.
  const report = await db.transaction(async (tx) =>
    (await claimSlot(tx, 'daily-report', due)) ? makeReport(tx, at, day) : null,
  )
  if (!report) return
  const text = `${reportInWords(report)}\n\n${publicUrl}/daily-report?day=${day}`
  for (const address of to)
    try {
      await mailer({
        to: address,
        key: `daily-report-${day}-${address.replace(/[^\w.-]/g, '.')}`,
        subject: subjectOf(report),
        text,
      })
    } catch (error) {
      log.error({ day: day.toString(), reason: messageOf(error) }, 'the daily report could not be sent')
    }
}
