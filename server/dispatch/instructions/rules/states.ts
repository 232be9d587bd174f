import type { InstructionState } from '../../../../schemas/dispatch/instructions.ts'

/** What can happen to an instruction. */
export const instructionEvents = [
  'send',
  'accept',
  'refuse',
  'not-sent',
  'lose',
  'never-seen',
  'supersede',
  'expire',
  'end',
] as const
export type InstructionEvent = (typeof instructionEvents)[number]

type S = InstructionState | null

const none: Record<InstructionEvent, S> = {
  send: null,
  accept: null,
  refuse: null,
  'not-sent': null,
  lose: null,
  'never-seen': null,
  supersede: null,
  expire: null,
  end: null,
}

/**
 * Life of an instruction: the state after each event, `null` where the event cannot happen.
 *
 *     planned ─send→ sent ─accept→ acknowledged ─end→ ended
 *        ↑            │ ├─refuse→ refused
 *        ├─not-sent───┘ └─lose→ unknown ─accept, refuse→ …
 *        └─────────────never-seen──┘
 *     planned, sent, unknown, acknowledged ─supersede→ superseded
 *     planned, sent, unknown ─expire→ expired
 *
 * `sent` is written before the request leaves, so a crash in between leaves `sent`: once its lease has expired it is queried like
 * `unknown`, and nothing is assumed (FM06, FM07). `planned` expires at its gate and is never sent late; so do `sent` and `unknown` if the
 * FSP reports after the gate that it never saw them, or has not answered when queries stop.
 */
export const instructionStates = {
  planned: { ...none, send: 'sent', supersede: 'superseded', expire: 'expired' },
  sent: {
    ...none,
    accept: 'acknowledged',
    refuse: 'refused',
    'not-sent': 'planned',
    lose: 'unknown',
    'never-seen': 'planned',
    supersede: 'superseded',
    expire: 'expired',
  },
  acknowledged: { ...none, supersede: 'superseded', end: 'ended' },
  refused: none,
  unknown: {
    ...none,
    accept: 'acknowledged',
    refuse: 'refused',
    lose: 'unknown',
    'never-seen': 'planned',
    supersede: 'superseded',
    expire: 'expired',
  },
  superseded: none,
  expired: none,
  ended: none,
} as const satisfies Record<InstructionState, Record<InstructionEvent, S>>

/** States in which an instruction occupies its FU's window: at most one instruction per window (FM08). */
export const liveStates = ['planned', 'sent', 'unknown', 'acknowledged'] as const satisfies InstructionState[]

/** Why an emergency stop ended an instruction, or kept it from being sent, as it is recorded on it. */
export const stopReason = 'emergency stop'
