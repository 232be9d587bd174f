import { setTimeout as wait } from 'node:timers/promises'
import { controlOperations } from '../../schemas/fsp/control.ts'
import type { Fault, FaultKind, HubFault, ProcessFault } from './faults.ts'
import type { Fate, HttpWire, Message, Reply } from './http-wire.ts'

/** A call of a program as it went over a wire, for whoever judges. */
export interface SeenCall {
  /** Epoch ms of the world when it was sent. */
  readonly atMs: number
  readonly message: Message
  /** What its sender was answered; `null` if its connection broke. */
  readonly reply: Reply | null
}

type MessageFault = Exclude<FaultKind, ProcessFault | HubFault>

/** How long a slow answer takes, ms of real time: long enough for others of the same round to overtake it. */
const slowMs = 40

/** What lies in wait at one wire, and what has passed over it. */
export class MessageFaults {
  readonly seen: SeenCall[] = []
  readonly #wire: HttpWire
  readonly #nowMs: () => number
  readonly #onHit: (kind: FaultKind) => void
  #waiting: { fault: Fault; left: number }[] = []
  #late: { message: Message; sentMs: number; dueMs: number }[] = []
  #tokensDownUntilMs = 0

  /** @param onHit told of each fault that has befallen a message. */
  constructor(wire: HttpWire, nowMs: () => number, onHit: (kind: FaultKind) => void) {
    this.#wire = wire
    this.#nowMs = nowMs
    this.#onHit = onHit
    wire.fate = (message, forward) => this.#fateOf(message, forward)
  }

  /** Lets a fault lie in wait. */
  add(fault: Fault): void {
    if (fault.kind === 'token-endpoint-down') {
      this.#tokensDownUntilMs = this.#nowMs() + fault.minutes * 60_000
      this.#onHit(fault.kind)
    } else this.#waiting.push({ fault, left: fault.nth })
  }

  /** Nothing lies in wait any more; what is late still arrives. */
  clear(): void {
    this.#waiting = []
    this.#tokensDownUntilMs = 0
  }

  /** Passes on what is late and due by now. */
  async deliverLate(): Promise<void> {
    const due = this.#late.filter(({ dueMs }) => dueMs <= this.#nowMs())
    this.#late = this.#late.filter(({ dueMs }) => dueMs > this.#nowMs())
    for (const { message, sentMs } of due) await this.#note(message, () => this.#wire.forward(message), sentMs)
  }

  async #fateOf(message: Message, forward: Parameters<Fate>[1]): Promise<Reply | null> {
    if (message.path.endsWith('/oidc/token')) return this.#areTokensDown() ? answered(503) : forward(message)
    if (!isProgram(message)) return forward(message)
    if (this.#areTokensDown()) return this.#note(message, async () => answered(401))
    const hit = this.#waiting.find((each) => befalls(each.fault, message) && --each.left === 0)
    if (!hit) return this.#note(message, () => forward(message))
    this.#waiting = this.#waiting.filter((each) => each !== hit)
    this.#onHit(hit.fault.kind)
    const fates = this.#fates(hit.fault)
    return this.#note(message, () => fates[hit.fault.kind as MessageFault](message, forward))
  }

  #fates(fault: Fault): Record<MessageFault, Fate> {
    return {
      'message-lost': async () => null,
      'answer-lost': async (message, forward) => {
        await forward(message)
        return null
      },
      'message-repeated': async (message, forward) => {
        const first = await forward(message)
        await this.#note(message, () => forward(message))
        return first
      },
      'message-delayed': async (message) => {
        const sentMs = this.#nowMs()
        this.#late.push({ message, sentMs, dueMs: sentMs + fault.minutes * 60_000 })
        return null
      },
      'answered-503': async () => answered(503),
      'answered-slowly': async (message, forward) => {
        const reply = await forward(message)
        await wait(slowMs)
        return reply
      },
      'answered-nonsense': async (message, forward) => {
        await forward(message)
        return answered(200, { outcome: 'perhaps' })
      },
      'instruction-refused': async (message) => {
        const { instructionId } = JSON.parse(message.body.toString())
        return answered(200, { instructionId, outcome: 'refused', reason: 'out-of-service' })
      },
      'answered-for-another': async (message, forward) => {
        await forward(message)
        return answered(200, { instructionId: '00000000-0000-4000-8000-000000000000', outcome: 'accepted' })
      },
      'token-revoked': async () => answered(401),
      'token-endpoint-down': async () => answered(503),
    }
  }

  #areTokensDown(): boolean {
    return this.#nowMs() < this.#tokensDownUntilMs
  }

  /** @param atMs when it was sent: what is late was not sent when it arrives. */
  async #note(message: Message, fate: () => Promise<Reply | null>, atMs = this.#nowMs()): Promise<Reply | null> {
    const reply = await fate()
    this.seen.push({ atMs, message, reply })
    return reply
  }
}

/** People are at the portal with a cookie; programs show a token. */
function isProgram({ headers }: Message): boolean {
  return headers.authorization !== undefined
}

const ofInstructions: readonly FaultKind[] = ['answered-nonsense', 'instruction-refused', 'answered-for-another']

/** Faults in what an FSP answers to an instruction wait for one. */
function befalls({ kind }: Fault, { method, path }: Message): boolean {
  return !ofInstructions.includes(kind) || (method === 'POST' && path.endsWith(controlOperations.instruct.path))
}

function answered(status: number, body: object = {}): Reply {
  return { status, headers: { 'content-type': 'application/json' }, body: Buffer.from(JSON.stringify(body)) }
}
