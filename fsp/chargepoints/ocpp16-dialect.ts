import { type Dialect, dialectOf } from './dialect.ts'
import { conformanceFault, forms } from './forms.ts'
import type { MessageHandlers } from './message-handlers.ts'
import { Ocpp16Link } from './ocpp16-link.ts'

/** OCPP 1.6-J. */
export function ocpp16(handlers: MessageHandlers): Dialect {
  return dialectOf({
    subprotocol: 'ocpp1.6',
    formError: 'FormationViolation',
    forms,
    handlers,
    fault: conformanceFault,
    link: (unit, client, log) => new Ocpp16Link(unit, client, log),
  })
}
