import { toInstant } from '../../../platform/db/index.ts'
import { messageOf } from '../../../platform/errors/index.ts'
import type { Mail, Mailer } from '../../../platform/mail/index.ts'
import type { Limit } from '../../../schemas/dispatch/import-limits.ts'
import type { Instruction } from '../../../schemas/dispatch/instructions.ts'
import { localTimeOf } from '../../../schemas/vocabulary/time.ts'
import type { ControlApi, SendOutcome } from './outcomes.ts'

/**
 * The manual route to an FSP (domain section 4): each instruction is a sheet sent by e-mail, and a person records the confirmation. A sheet
 * that is sent again has the same number and message identifier, so that its reader recognises it.
 */
export function createEmailRoute(
  mailer: Mailer | null,
  address: string,
  unitName: (fuId: string) => Promise<string>,
  connectionName: (connectionId: string) => Promise<string>,
): ControlApi {
  const send = async (
    key: string,
    content: object,
    write: () => Promise<Pick<Mail, 'subject' | 'text'>>,
  ): Promise<SendOutcome<never>> => {
    if (!mailer)
      return {
        kind: 'not-sent',
        detail: 'no mail server is configured: set RINGMAIN_SMTP_URL',
        isFinal: true,
        isOurs: true,
      }
    const json = { content: JSON.stringify(content, null, 2), contentType: 'application/json' }
    try {
      await mailer({ ...(await write()), to: address, key, attachments: [{ filename: `${key}.json`, ...json }] })
      return { kind: 'handed-over', detail: `sent to ${address}` }
    } catch (error) {
      return { kind: 'not-sent', detail: `e-mail to ${address}: ${messageOf(error)}`, isFinal: false, isOurs: true }
    }
  }
  return {
    isAnswering: false,
    send: (instruction) =>
      send(instruction.instructionId, instruction, async () => {
        const name = await unitName(instruction.fuId)
        return { subject: subjectOf(instruction, name), text: sheetOf(instruction, name) }
      }),
    async ask() {
      return { kind: 'unknown', detail: 'an FSP on e-mail cannot be queried', isFinal: true }
    },
    limit: (limit) =>
      send(limit.limitId, limit, async () => {
        const name = await connectionName(limit.connectionId)
        const what = limit.failSafeW === null ? 'End of import limit' : 'Import limit'
        return { subject: `${what}: ${name}`, text: limitSheetOf(limit, name) }
      }),
  }
}

function subjectOf({ product, intervals }: Instruction, name: string): string {
  return `Instruction, product ${product}: ${name} from ${local(intervals[0]?.from ?? '')}`
}

/** The sheet, for a person: local time, kW, and what to answer. */
function sheetOf(instruction: Instruction, name: string): string {
  const rows = instruction.intervals.map(({ from, to, turnDownW }) =>
    turnDownW === 0
      ? `  ${local(from)} to ${local(to)}   end of turn-down`
      : `  ${local(from)} to ${local(to)}   turn ${turnDownW < 0 ? 'up' : 'down'} by ${Math.abs(turnDownW) / 1_000} kW`,
  )
  return [
    `Instruction ${instruction.instructionId}`,
    `Flexible unit: ${name} (${instruction.fuId})`,
    `Product: ${instruction.product}`,
    ...(instruction.supersedes ? [`Replaces instruction ${instruction.supersedes}`] : []),
    '',
    'Local time (Europe/London):',
    ...rows,
    '',
    `Do not start after ${local(instruction.expiresAt)}.`,
    'Please answer this e-mail with ACCEPTED, or REFUSED and the reason, and keep the subject as it is.',
    '',
  ].join('\r\n')
}

/** The sheet of a limit, for a person: local time and kW. */
function limitSheetOf(limit: Limit, name: string): string {
  const rows = limit.intervals.map(
    ({ from, to, importLimitW }) => `  ${local(from)} to ${local(to)}   import at most ${importLimitW / 1_000} kW`,
  )
  const after =
    limit.failSafeW === null
      ? 'From now on only the agreed limit applies.'
      : `From ${local(limit.validUntil)} on, until you hear from us: import at most ${limit.failSafeW / 1_000} kW`
  return [
    `Limit ${limit.limitId}`,
    `Connection: ${name} (${limit.connectionId})`,
    `Issued ${local(limit.issuedAt)}; it replaces every limit issued before it.`,
    '',
    'Local time (Europe/London):',
    ...rows,
    after,
    '',
  ].join('\r\n')
}

function local(at: string): string {
  return at === '' ? '' : localTimeOf(toInstant(at)).toString().replace('T', ' ')
}
