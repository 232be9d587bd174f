import type { Product } from '../../schemas/vocabulary/units.ts'
import type { HeldStatement } from './killed-server.ts'

/** Where a server is killed: at a statement, or while the FSP, its token endpoint or its mail server is being called. */
export type CrashPoint = HeldStatement | { peer: 'token' | 'hang' | 'take-and-hang' | 'hang-when-asked' | 'mail' }

/** A crash point with its name. */
export type Named = [string, CrashPoint]

export function statement(
  table: string,
  op: HeldStatement['op'],
  where: string,
  then: HeldStatement['then'],
  at: HeldStatement['at'] = 'statement',
): HeldStatement {
  return { table, op, where, at, then }
}

/** Every step from the tick of a product to its claim, in order. */
const ticking = (product: Product): Named[] => [
  ['the tick is being written', statement('dispatch_cycle', 'INSERT', `new.product = '${product}'`, 'undone')],
  ['the tick is written', statement('dispatch_cycle', 'INSERT', `new.product = '${product}'`, 'done')],
  [
    'the tick is being claimed',
    statement('dispatch_cycle', 'UPDATE', `new.product = '${product}' and new.done_at is null`, 'undone'),
  ],
  [
    'the tick is claimed',
    statement('dispatch_cycle', 'UPDATE', `new.product = '${product}' and new.done_at is null`, 'done'),
  ],
]

/** Every step of the optimisation that a tick of some products begins with. */
const optimising = (product: Product): Named[] => [
  ['the run is being written', statement('optimisation_run', 'INSERT', `new.product = '${product}'`, 'undone')],
  ['its reasons are being written', statement('optimisation_unit', 'INSERT', 'true', 'undone')],
  [
    'the run is being committed',
    statement('optimisation_run', 'INSERT', `new.product = '${product}'`, 'undone', 'commit'),
  ],
  ['the run is committed', statement('optimisation_run', 'INSERT', `new.product = '${product}'`, 'done', 'commit')],
]

/** Every step from the claim of a tick to the record of its instruction, in order. */
const sending: Named[] = [
  ['the intent is being written', statement('instruction', 'INSERT', 'true', 'undone')],
  ['the tick is being marked as done', statement('dispatch_cycle', 'UPDATE', 'new.done_at is not null', 'undone')],
  ['the intent is being committed', statement('instruction', 'INSERT', 'true', 'undone', 'commit')],
  ['the intent is committed', statement('instruction', 'INSERT', 'true', 'done', 'commit')],
  ['it is being marked as sent', statement('instruction', 'UPDATE', `new.state = 'sent'`, 'undone')],
  ['it is marked as sent', statement('instruction', 'UPDATE', `new.state = 'sent'`, 'done')],
  ['a token is asked for', { peer: 'token' }],
  ['the request is at the FSP, which has done nothing', { peer: 'hang' }],
  ['the request is at the FSP, which has done it', { peer: 'take-and-hang' }],
  ['the answer’s attempt is being recorded', statement('instruction_attempt', 'INSERT', 'true', 'undone')],
  ['the answer is being recorded', statement('instruction', 'UPDATE', `new.state = 'acknowledged'`, 'undone')],
  ['its implied limit is being recorded', statement('implied_limit', 'INSERT', 'true', 'undone')],
  ['the record is being committed', statement('instruction_attempt', 'INSERT', 'true', 'undone', 'commit')],
  ['the record is committed', statement('instruction_attempt', 'INSERT', 'true', 'done', 'commit')],
]

/** Every step from a tick of a product to the record of its instruction, in order. */
export function toTheFsp(product: Product, { isOptimised }: { isOptimised: boolean }): Named[] {
  return [...ticking(product), ...(isOptimised ? optimising(product) : []), ...sending]
}

const claim = `old.state = 'sent' and new.state = 'sent'`

/** Every step of the question that clears up a sending which was cut off after its effect, and before it. */
export const clearingUp: [string, 'take-and-hang' | 'hang', CrashPoint][] = [
  ['the question is being claimed', 'take-and-hang', statement('instruction', 'UPDATE', claim, 'undone')],
  ['the question is claimed', 'take-and-hang', statement('instruction', 'UPDATE', claim, 'done')],
  ['the question is at the FSP', 'take-and-hang', { peer: 'hang-when-asked' }],
  ['its answer is being recorded', 'take-and-hang', statement('instruction_attempt', 'INSERT', 'true', 'undone')],
  ['its answer is recorded', 'take-and-hang', statement('instruction_attempt', 'INSERT', 'true', 'done', 'commit')],
  [
    'that the FSP never saw it is being recorded',
    'hang',
    statement('instruction', 'UPDATE', `new.state = 'planned'`, 'undone'),
  ],
  [
    'that the FSP never saw it is recorded',
    'hang',
    statement('instruction', 'UPDATE', `new.state = 'planned'`, 'done', 'commit'),
  ],
]

/** Every step that is another on the manual route. */
export const toTheDesk: Named[] = [
  ['the sheet is being marked as sent', statement('instruction', 'UPDATE', `new.state = 'sent'`, 'undone')],
  ['the sheet is marked as sent', statement('instruction', 'UPDATE', `new.state = 'sent'`, 'done')],
  ['the mail is at its server, which has not answered', { peer: 'mail' }],
  ['the hand-over is being recorded', statement('instruction_attempt', 'INSERT', 'true', 'undone')],
  ['the hand-over is being committed', statement('instruction_attempt', 'INSERT', 'true', 'undone', 'commit')],
  ['the hand-over is recorded', statement('instruction_attempt', 'INSERT', 'true', 'done', 'commit')],
]

/** Every step of the acceptance of a price at the gate, and whether the price stands although the FSP has no answer. */
export const atTheGate: Named[] = [
  ['the price is being written', statement('submitted_schedule', 'INSERT', `new.kind = 'cost'`, 'undone')],
  ['the price is being committed', statement('submitted_schedule', 'INSERT', `new.kind = 'cost'`, 'undone', 'commit')],
  ['the price is committed', statement('submitted_schedule', 'INSERT', `new.kind = 'cost'`, 'done', 'commit')],
]

/** Every step from the cause of an import limit to the record of its answer, in order. */
export const limiting: Named[] = [
  ['the limit is being written', statement('connection_limit', 'INSERT', 'true', 'undone')],
  ['the limit is being committed', statement('connection_limit', 'INSERT', 'true', 'undone', 'commit')],
  ['the limit is committed', statement('connection_limit', 'INSERT', 'true', 'done', 'commit')],
  ['it is being marked as sent', statement('connection_limit', 'UPDATE', `new.state = 'sent'`, 'undone')],
  ['it is marked as sent', statement('connection_limit', 'UPDATE', `new.state = 'sent'`, 'done')],
  ['a token is asked for', { peer: 'token' }],
  ['the request is at the FSP, which has done nothing', { peer: 'hang' }],
  ['the request is at the FSP, which has done it', { peer: 'take-and-hang' }],
  ['the answer’s attempt is being recorded', statement('limit_attempt', 'INSERT', 'true', 'undone')],
  ['the answer is being recorded', statement('connection_limit', 'UPDATE', `new.state = 'acknowledged'`, 'undone')],
  ['the one before is being superseded', statement('connection_limit', 'UPDATE', `new.state = 'superseded'`, 'undone')],
  ['the record is being committed', statement('limit_attempt', 'INSERT', 'true', 'undone', 'commit')],
  ['the record is committed', statement('limit_attempt', 'INSERT', 'true', 'done', 'commit')],
]
