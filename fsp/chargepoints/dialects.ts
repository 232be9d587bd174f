import type { FspContext } from '../app/context.ts'
import type { Dialect, Subprotocol } from './dialect.ts'
import type { MessageListeners, MessageParts } from './message-handlers.ts'
import { messageHandlers } from './messages.ts'
import { ocpp16 } from './ocpp16-dialect.ts'
import { ocpp201 } from './ocpp201/messages.ts'

/** Every version of OCPP that charge points may speak, on the same parts. */
export function dialectsOf(
  context: FspContext,
  parts: MessageParts,
  listeners: MessageListeners,
): Record<Subprotocol, Dialect> {
  return {
    'ocpp1.6': ocpp16(messageHandlers(context, parts, listeners)),
    'ocpp2.0.1': ocpp201(context, parts, listeners),
  }
}
