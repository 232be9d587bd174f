import { readFileSync } from 'node:fs'
import { pino } from 'pino'
import type { FspOptions } from '../../index.ts'
import type { TestChargePoint } from './charge-point.ts'
import { type Rig, startRig } from './rig.ts'

/** An OCPP message as a case states it: its action and its payload. */
export type Message = [action: string, payload: object]

/** Reads a case of `test/cases/field`. */
export function fieldCase<T>(name: string): T {
  return JSON.parse(readFileSync(new URL(`../../../test/cases/field/${name}.json`, import.meta.url), 'utf8')) as T
}

/** Whatever an FSP logs as a warning or worse. */
export type Logged = Record<string, unknown> & { msg: string }

/** A rig whose log a test can read. */
export async function startLoggedRig(
  start?: string,
  options: Partial<FspOptions> = {},
): Promise<Rig & { logged: Logged[] }> {
  const logged: Logged[] = []
  const log = pino({ level: 'warn' }, { write: (line: string) => void logged.push(JSON.parse(line)) })
  return Object.assign(Object.create(await startRig(start, { log, ...options })), { logged })
}

/** A charge point that sends what it is told, whether or not it is OCPP. */
export function fieldUnit(rig: Rig, identity = 'yard-01'): TestChargePoint {
  return rig.chargePoint(identity, { password: rig.passwordOf(identity), isStrict: false })
}

/** Sends messages in order; returns the answers, or what they were refused with. */
export async function send(unit: TestChargePoint, messages: readonly Message[]): Promise<unknown[]> {
  const answers: unknown[] = []
  for (const [action, payload] of messages)
    answers.push(await unit.call(action, payload).catch((error) => ({ refused: String(error) })))
  return answers
}
