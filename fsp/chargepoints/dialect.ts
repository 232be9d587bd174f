import type { z } from 'zod'
import type { Log } from '../../platform/log/index.ts'
import { type Fault, type Reading, readBy } from './forms.ts'
import type { OcppCaller, UnitLink } from './port.ts'
import type { Unit } from './units.ts'

/** The versions of OCPP that charge points may speak, by their WebSocket subprotocols. */
export const subprotocols = ['ocpp1.6', 'ocpp2.0.1'] as const
export type Subprotocol = (typeof subprotocols)[number]

/** One version of OCPP as the central system speaks it: what it hears, how it answers, and the way back. */
export interface Dialect {
  readonly subprotocol: Subprotocol
  /** The messages that are answered. */
  readonly actions: readonly string[]
  /** The version's own name for the error that a message lacks what is needed. */
  readonly formError: string
  /** Reads what is used of a message. */
  read(action: string, payload: unknown): Reading<unknown>
  /** How a message departs from the standard, though it may be used all the same. */
  fault(action: string, payload: unknown): Fault | null
  answer(action: string, unit: Unit, used: unknown): Promise<object>
  link(unit: Unit, client: OcppCaller, log: Log): UnitLink
}

type Forms = Record<string, z.ZodType>

/** Makes a version of OCPP of its forms and their handlers, which cannot be of different messages. */
export function dialectOf<F extends Forms>(
  parts: Pick<Dialect, 'subprotocol' | 'formError' | 'link'> & {
    forms: F
    handlers: { [A in keyof F]: (unit: Unit, used: z.infer<F[A]>) => Promise<object> }
    fault(action: keyof F & string, payload: unknown): Fault | null
  },
): Dialect {
  const { subprotocol, formError, forms, handlers, link, fault } = parts
  const formOf = (action: string) => {
    const form = forms[action]
    if (!form) throw new Error(`${action} is not answered`)
    return form
  }
  return {
    subprotocol,
    formError,
    actions: Object.keys(forms),
    read: (action, payload) => readBy(formOf(action), payload),
    fault,
    answer: (action, unit, used) => handlers[action as keyof F](unit, used as never),
    link,
  }
}
