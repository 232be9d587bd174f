import { z } from 'zod'
import { limit, limitAnswer } from '../dispatch/import-limits.ts'
import { instruction, instructionAnswer } from '../dispatch/instructions.ts'
import { dno } from '../vocabulary/access.ts'
import { operation } from '../vocabulary/operation.ts'
import { uuid } from '../vocabulary/units.ts'

const params = z.object({ id: uuid })
const tags = ['Control']

/**
 * The control API that an FSP implements and the DNO calls. The DNO publishes its document and calls these operations; the
 * reference FSP binds verbs to them. A refusal for a domain reason is an answer (200), not a problem.
 */
export const controlOperations = {
  instruct: operation({
    method: 'post',
    path: '/instructions',
    access: dno,
    tags,
    summary: 'Instruct a unit to turn down',
    description:
      'The instruction’s identifier is its idempotency key: it has one effect and one answer, however often it is sent. Of several instructions for the same time the last one issued applies. One that is named by `supersedes` has no effect any more, even if it arrives later.',
    body: instruction,
    answer: instructionAnswer,
  }),
  readAnswer: operation({
    method: 'get',
    path: '/instructions/{id}',
    access: dno,
    tags,
    summary: 'The answer to an instruction',
    description: 'For a DNO that does not know whether its instruction arrived: 404 means that it did not.',
    params,
    answer: instructionAnswer,
    problems: ['not-found'],
  }),
  sendLimit: operation({
    method: 'post',
    path: '/limits',
    access: dno,
    tags,
    summary: 'Limit the import of a connection',
    description:
      'The limit’s identifier is its idempotency key. Of several limits for a connection the last one issued applies; when it expires without a successor, its fail-safe limit applies.',
    body: limit,
    answer: limitAnswer,
  }),
  readLimitAnswer: operation({
    method: 'get',
    path: '/limits/{id}',
    access: dno,
    tags,
    summary: 'The answer to a limit',
    description: 'For a DNO that does not know whether its limit arrived: 404 means that it did not.',
    params,
    answer: limitAnswer,
    problems: ['not-found'],
  }),
}
