import { join } from 'node:path'
import { type RunningHomesFsp, startHomesFsp } from '../../fsp/index.ts'
import type { Clock } from '../../platform/clock/index.ts'
import type { Log } from '../../platform/log/index.ts'
import { readPeople } from '../../seeds/index.ts'
import { type RunningServer, startServer } from '../../server/app/index.ts'
import { estatesOf } from './area.ts'
import type { Wires } from './wires.ts'

/** What a process of a world is started with. */
export interface ProcessOptions {
  readonly wires: Wires
  /** Where it keeps its keys. */
  readonly folder: string
  readonly databaseUrl: string
  readonly clock: Clock
  readonly log: Log
}

const host = '127.0.0.1'
/** The homes' needs are the same in every world: what differs is what goes wrong. */
const needSeed = 1

/** Where a process keeps the keys that its secrets are sealed with. */
export function keyFileOf(folder: string, process: 'server' | number): string {
  return join(folder, process === 'server' ? 'server.key' : `fsp-${process}.key`)
}

/** A server of the DNO with its jobs. */
export async function startDno({ wires, folder, databaseUrl, clock, log }: ProcessOptions): Promise<RunningServer> {
  return startServer({
    databaseUrl,
    host,
    port: 0,
    publicUrl: wires.dno.url,
    role: 'both',
    environment: 'demo',
    demoAccounts: await readPeople(),
    secretKeyFile: keyFileOf(folder, 'server'),
    clock,
    log: log.child({ process: 'server' }),
  })
}

/** @param n its place among the FSPs, from 0. */
export function startFsp(n: number, given: ProcessOptions): Promise<RunningHomesFsp> {
  const { wires, folder, databaseUrl, clock, log } = given
  const [wire, estates] = [wires.fsps[n], estatesOf[n]]
  if (!wire || !estates) throw new Error(`there is no FSP ${n}`)
  return startHomesFsp({
    databaseUrl,
    environment: 'demo',
    host,
    port: 0,
    publicUrl: wire.url,
    dnoUrl: wires.dno.url,
    estates,
    seed: needSeed,
    secretKeyFile: keyFileOf(folder, n),
    clock,
    log: log.child({ process: `fsp ${n + 1}` }),
  })
}
