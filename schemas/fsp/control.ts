import { z } from 'zod'
import { limit, limitAnswer } from '../dispatch/import-limits.ts'
import { instruction, instructionAnswer } from '../dispatch/instructions.ts'
import { dno } from '../vocabulary/access.ts'
import { operation } from '../vocabulary/operation.ts'
import { uuid } from '../vocabulary/units.ts'

const params = z.object({ id: uuid })
const tags = ['Control']

/**
 * The control API that an FSP implements and the DNO calls: the DNO publishes its document and calls these operations, and the
 * reference FSP binds verbs to them. A refusal for a reason of the domain is an answer (200), not a problem.
 */
export const controlOperations = {
  instruct: operation({
    method: 'post',
    path: '/instructions',
    access: dno,
    tags,
    summary: 'Instruct a unit to turn down',
    description:
      'The instruction’s identifier is its idempotency key: however often it is sent, it has one effect and one answer.',
    body: instruction,
    answer: instructionAnswer,
  }),
  readAnswer: operation({
    method: 'get',
    path: '/instructions/{id}',
    access: dno,
    tags,
    summary: 'What an instruction was answered',
    description: 'For a DNO that does not know whether its instruction arrived: 404 says that it never did.',
    params,
    answer: instructionAnswer,
    problems: ['not-found'],
  }),
  sendLimit: operation({
    method: 'post',
    path: '/limits',
    access: dno,
    tags,
    summary: 'Say what a connection may import',
    description:
      'The limit’s identifier is its idempotency key. Of several limits for a connection the one issued last counts; when it has ended without another, its fail-safe limit holds.',
    body: limit,
    answer: limitAnswer,
  }),
  readLimitAnswer: operation({
    method: 'get',
    path: '/limits/{id}',
    access: dno,
    tags,
    summary: 'What a limit was answered',
    description: 'For a DNO that does not know whether its limit arrived: 404 says that it never did.',
    params,
    answer: limitAnswer,
    problems: ['not-found'],
  }),
}
