/**
 * The secondary station of one peer, IEEE 1815-2012 clause 9.2.6: what to answer and whether to pass user data up.
 * Over TCP peers send unconfirmed user data; the confirmed service is still answered, for peers that use it.
 */
import { LinkBit, LinkPrimary, LinkSecondary } from '../spec/link.ts'

/** `unreset` until the peer resets the link states; then the frame count bit expected next. */
export type SecondaryState = 'unreset' | 'expect-fcb-0' | 'expect-fcb-1'

/** The next state, the link function to answer with (−1: none), and whether to pass the user data up. */
export interface SecondaryStep {
  readonly next: SecondaryState
  readonly reply: number
  readonly deliver: boolean
}

/** How the table classifies a primary frame: by function and, where valid, frame count bit. */
export type SecondaryEvent = 'reset' | 'test-0' | 'test-1' | 'data-0' | 'data-1' | 'unconfirmed' | 'status' | 'other'

const to = (next: SecondaryState, reply: number, deliver = false): SecondaryStep => ({ next, reply, deliver })
const { ack, nack, linkStatus, notSupported } = LinkSecondary
const SILENT = -1

/** In a counted state, a repeated frame count bit means a repeated frame: it is acknowledged but not delivered again. */
export const SECONDARY: Readonly<Record<SecondaryState, Readonly<Record<SecondaryEvent, SecondaryStep>>>> = {
  unreset: {
    reset: to('expect-fcb-1', ack),
    'test-0': to('unreset', nack),
    'test-1': to('unreset', nack),
    'data-0': to('unreset', nack),
    'data-1': to('unreset', nack),
    unconfirmed: to('unreset', SILENT, true),
    status: to('unreset', linkStatus),
    other: to('unreset', notSupported),
  },
  'expect-fcb-1': {
    reset: to('expect-fcb-1', ack),
    'test-0': to('expect-fcb-1', ack),
    'test-1': to('expect-fcb-0', ack),
    'data-0': to('expect-fcb-1', ack),
    'data-1': to('expect-fcb-0', ack, true),
    unconfirmed: to('expect-fcb-1', SILENT, true),
    status: to('expect-fcb-1', linkStatus),
    other: to('expect-fcb-1', notSupported),
  },
  'expect-fcb-0': {
    reset: to('expect-fcb-1', ack),
    'test-0': to('expect-fcb-1', ack),
    'test-1': to('expect-fcb-0', ack),
    'data-0': to('expect-fcb-1', ack, true),
    'data-1': to('expect-fcb-0', ack),
    unconfirmed: to('expect-fcb-0', SILENT, true),
    status: to('expect-fcb-0', linkStatus),
    other: to('expect-fcb-0', notSupported),
  },
}

/** Classifies a primary frame's control octet into the table's columns. */
export function secondaryEvent(control: number): SecondaryEvent {
  const bit = (control & LinkBit.fcb) !== 0
  const counted = (control & LinkBit.fcv) !== 0
  switch (control & 0x0f) {
    case LinkPrimary.resetLinkStates:
      return 'reset'
    case LinkPrimary.testLinkStates:
      return counted ? (bit ? 'test-1' : 'test-0') : 'other'
    case LinkPrimary.confirmedUserData:
      return counted ? (bit ? 'data-1' : 'data-0') : 'other'
    case LinkPrimary.unconfirmedUserData:
      return 'unconfirmed'
    case LinkPrimary.requestLinkStatus:
      return 'status'
    default:
      return 'other'
  }
}
