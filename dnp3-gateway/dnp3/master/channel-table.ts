/**
 * A channel's connection, as a table.
 *
 * ```
 *  idle ─open─▶ connecting ─opened─▶ open ─┐
 *                  ▲  │ closed             │ closed
 *             retry│  ▼                    │
 *                 waiting ◀────────────────┘        close, from anywhere ─▶ closing ─closed─▶ closed
 * ```
 */
export type ChannelState = 'idle' | 'connecting' | 'open' | 'waiting' | 'closing' | 'closed'
export type ChannelEvent = 'open' | 'opened' | 'wire-closed' | 'retry' | 'close'

/** The next state; the same state means that the event has no effect. */
export const CHANNEL: Readonly<Record<ChannelState, Readonly<Record<ChannelEvent, ChannelState>>>> = {
  idle: { open: 'connecting', opened: 'idle', 'wire-closed': 'idle', retry: 'idle', close: 'closed' },
  connecting: { open: 'connecting', opened: 'open', 'wire-closed': 'waiting', retry: 'connecting', close: 'closing' },
  open: { open: 'open', opened: 'open', 'wire-closed': 'waiting', retry: 'open', close: 'closing' },
  waiting: { open: 'waiting', opened: 'waiting', 'wire-closed': 'waiting', retry: 'connecting', close: 'closed' },
  closing: { open: 'closing', opened: 'closing', 'wire-closed': 'closed', retry: 'closing', close: 'closing' },
  closed: { open: 'closed', opened: 'closed', 'wire-closed': 'closed', retry: 'closed', close: 'closed' },
}
