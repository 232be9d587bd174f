import type { Spoken } from './speech.ts'

/** Messages about transactions that a unit without a link keeps; the oldest meter values go first when it is full. */
const backlogSize = 20_000

/** A queued message to the central system. */
export interface Message {
  action: string
  /** Built when it is sent, because a message recorded offline gets its transaction's number only then. `null` drops the message. */
  params: () => object | null
  /** Whether it is kept without a link, as OCPP requires for messages about a transaction. */
  keep: boolean
  /** Whether there was no link when it was recorded. */
  isOffline: boolean
  /** As it was said when it was first sent: a message that is sent again says the same. */
  spoken?: Spoken | null
  onAnswer?: (answer: unknown) => void
}

/** A unit's queued messages, in order. */
export class Backlog {
  #messages: Message[] = []

  get size(): number {
    return this.#messages.length
  }

  /** The next message. */
  get first(): Message | undefined {
    return this.#messages[0]
  }

  add(message: Message): void {
    this.#messages.push(message)
    if (this.size > backlogSize) this.#forgetOldest()
  }

  remove(message: Message): void {
    const index = this.#messages.indexOf(message)
    if (index >= 0) this.#messages.splice(index, 1)
  }

  /** Drops messages that are pointless once the link is lost. */
  keepWhatMatters(): void {
    this.#messages = this.#messages.filter(({ keep }) => keep)
  }

  #forgetOldest(): void {
    const oldest = this.#messages.findIndex(({ action }) => action === 'MeterValues')
    this.#messages.splice(Math.max(0, oldest), 1)
  }
}
