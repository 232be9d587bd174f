import { toInstant } from '../../../platform/db/index.ts'
import { messageOf } from '../../../platform/errors/index.ts'
import type { Mailer } from '../../../platform/mail/index.ts'
import type { Instruction } from '../../../schemas/instructions.ts'
import { localTimeOf } from '../../../schemas/time.ts'
import type { ControlApi } from './outcomes.ts'

/**
 * The manual way to an FSP (domain section 4): each instruction goes out as a sheet by e-mail, and a person records the confirmation.
 * A sheet that is sent again carries the same number and message identifier, so that its reader knows it for the same.
 */
export function createEmailRoute(
  mailer: Mailer | null,
  address: string,
  unitName: (fuId: string) => Promise<string>,
): ControlApi {
  return {
    isAnswering: false,
    async send(instruction) {
      if (!mailer)
        return { kind: 'not-sent', detail: 'no mail server is configured: set RINGMAIN_SMTP_URL', isFinal: true }
      try {
        const name = await unitName(instruction.fuId)
        await mailer({
          to: address,
          subject: subjectOf(instruction, name),
          text: sheetOf(instruction, name),
          key: instruction.instructionId,
          attachments: [
            {
              filename: `${instruction.instructionId}.json`,
              content: JSON.stringify(instruction, null, 2),
              contentType: 'application/json',
            },
          ],
        })
        return { kind: 'handed-over', detail: `sent to ${address}` }
      } catch (error) {
        return { kind: 'not-sent', detail: `e-mail to ${address}: ${messageOf(error)}`, isFinal: false }
      }
    },
    async ask() {
      return { kind: 'unknown', detail: 'an e-mail cannot be asked', isFinal: true }
    },
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
      : `  ${local(from)} to ${local(to)}   turn down by ${turnDownW / 1_000} kW`,
  )
  return [
    `Instruction ${instruction.instructionId}`,
    `Flexible unit: ${name} (${instruction.fuId})`,
    `Product: ${instruction.product}`,
    ...(instruction.supersedes ? [`In place of instruction ${instruction.supersedes}`] : []),
    '',
    'Local time (Europe/London):',
    ...rows,
    '',
    `Not to be begun after ${local(instruction.expiresAt)}.`,
    'Please answer this e-mail with ACCEPTED, or REFUSED and the reason, and keep the subject as it is.',
    '',
  ].join('\r\n')
}

function local(at: string): string {
  return at === '' ? '' : localTimeOf(toInstant(at)).toString().replace('T', ' ')
}
