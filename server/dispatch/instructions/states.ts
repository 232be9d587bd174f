import type { InstructionState } from '../../../schemas/instructions.ts'

export type InstructionEvent =
  | 'send'
  | 'accept'
  | 'refuse'
  | 'not-sent'
  | 'lose'
  | 'never-seen'
  | 'supersede'
  | 'expire'
  | 'end'

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
 *
 * `sent` is written before the request leaves, so a crash in between leaves `sent`, which is treated as `unknown`: it is asked for,
 * never assumed (FM06, FM07). Whatever has not been acknowledged when its time has come expires; it is never sent late.
 */
export const instructionStates: Record<InstructionState, Record<InstructionEvent, S>> = {
  planned: { ...none, send: 'sent', supersede: 'superseded', expire: 'expired' },
  sent: {
    ...none,
    accept: 'acknowledged',
    refuse: 'refused',
    'not-sent': 'planned',
    lose: 'unknown',
    'never-seen': 'planned',
    expire: 'unknown',
  },
  acknowledged: { ...none, accept: 'acknowledged', supersede: 'superseded', end: 'ended' },
  refused: none,
  unknown: { ...none, accept: 'acknowledged', refuse: 'refused', lose: 'unknown', 'never-seen': 'planned' },
  superseded: none,
  expired: none,
  ended: none,
}
