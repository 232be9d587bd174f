/** Messages about transactions that a unit without a link keeps; the oldest meter values go first when it is full. */
const backlogSize = 20_000

/** A message to the central system that waits. */
export interface Message {
  action: string
  /** Made when it is sent: what was recorded offline learns its transaction's number only then. `null`: there is nothing to say after all. */
  params: () => object | null
  /** Kept while there is no link, as OCPP demands of all that concerns a transaction. */
  keep: boolean
  onAnswer?: (answer: unknown) => void
}

/** What a unit has to say, in order. */
export class Backlog {
  #messages: Message[] = []

  get size(): number {
    return this.#messages.length
  }

  /** The message that is next. */
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

  /** Forgets what is pointless once the link is lost. */
  keepWhatMatters(): void {
    this.#messages = this.#messages.filter(({ keep }) => keep)
  }

  #forgetOldest(): void {
    const oldest = this.#messages.findIndex(({ action }) => action === 'MeterValues')
    this.#messages.splice(Math.max(0, oldest), 1)
  }
}
