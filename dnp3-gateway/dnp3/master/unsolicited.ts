/**
 * Unsolicited responses (IEEE 1815-2012 clause 5.1.1.1): handed over, then confirmed. A repeated one is confirmed, and its indications are
 * read: an outstation that restarts twice sends the same null response twice.
 */
import { returnBatch } from '../app/batch.ts'
import { ControlBit, confirmOctets, singleControl } from '../app/control.ts'
import type { Fragment } from '../app/fragment.ts'
import { collect, type ExchangeContext } from './exchange.ts'

/** The end of the chain of hand-overs, which run one after the other whatever the handler does. */
type Tail = Promise<void> | null

export class UnsolicitedReceiver {
  private readonly context: ExchangeContext
  private readonly onIin: (iin: number) => void
  private last: Uint8Array | null = null
  private pending: Uint8Array | null = null
  private tail: Tail = null

  constructor(context: ExchangeContext, onIin: (iin: number) => void) {
    this.context = context
    this.onIin = onIin
  }

  /** Takes an unsolicited response. */
  receive(fragment: Fragment): void {
    const { counters } = this.context
    counters.unsolicited++
    const { bytes, control, iin } = fragment
    if (same(bytes, this.last)) {
      counters.duplicateUnsolicited++
      this.confirm(control)
      this.onIin(iin)
    } else if (same(bytes, this.pending)) counters.duplicateUnsolicited++
    else if (this.pending !== null) {
      // One at a time: unconfirmed responses are sent again, and a flood of them must not fill our memory.
      counters.unexpected++
    } else this.handOver(fragment, control, iin)
  }

  /** Forgets the last response; a new connection may start with any sequence. */
  reset(): void {
    this.last = null
    this.pending = null
  }

  private handOver(fragment: Fragment, control: number, iin: number): void {
    const copy = fragment.bytes.slice()
    this.pending = copy
    const batch = collect(fragment, this.context.runtime.now())
    batch.unsolicited = true
    const { length, events } = batch
    const done = () => {
      returnBatch(batch)
      this.finish(copy, control, length, events)
    }
    const failed = () => {
      returnBatch(batch)
      if (this.pending === copy) this.pending = null
      this.context.counters.handlerFailures++
    }
    if (this.tail === null && length === 0) {
      done()
      this.onIin(iin)
      return
    }
    // Read as they arrive: by the end of the hand-over a later response may have told that the restart is cleared.
    this.onIin(iin)
    const deliver = async () => this.context.deliver(batch)
    const tail = (this.tail ?? Promise.resolve()).then(deliver).then(done, failed)
    this.tail = tail
    void tail.then(() => {
      if (this.tail === tail) this.tail = null
    })
  }

  private finish(copy: Uint8Array, control: number, points: number, events: number): void {
    const { counters } = this.context
    counters.fragments++
    counters.points += points
    counters.events += events
    // After a reset the connection it arrived on is gone, and nothing waits for the confirm.
    if (this.pending === copy) {
      this.pending = null
      this.last = copy
      this.confirm(control)
    }
  }

  private confirm(control: number): void {
    if ((control & ControlBit.con) === 0) return
    this.context.counters.confirms++
    this.context.send(confirmOctets(singleControl(control & ControlBit.sequence, false, true)))
  }
}

function same(bytes: Uint8Array, other: Uint8Array | null): boolean {
  return other !== null && other.length === bytes.length && other.every((octet, i) => octet === bytes[i])
}
